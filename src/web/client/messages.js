// @ts-check
import { h } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { AnswerRow, SendingRow } from './own-rows.js';
import { MessageRow } from './message-row.js';
import { dayHeading, sameDay } from './time.js';

/**
 * @import { RefObject } from 'preact'
 * @import { MessageView } from '../api.js'
 * @import { OwnAnswer, Sending } from './store.js'
 * @import { Reader } from './piece.js'
 *
 * @typedef {object} Listed
 * @property {MessageView[]} views Oldest first.
 * @property {OwnAnswer[]} answers
 * @property {Sending[]} sending
 * @property {Reader} reader
 * @property {boolean} canAct
 * @property {string} label
 * @property {string} named Marker of the message that a permanent link names, or ''.
 * @property {string} firstUnread Marker of the first message that was not seen when the list was opened, or ''.
 * @property {Map<string, { count: number, last: number }> | null} replies By marker; null: these are a thread.
 * @property {() => void} [read] Called when the newest message is on the screen.
 */

const soon = 5 * 60_000;

/**
 * Messages from top to bottom. It stays at the newest while it stands there, and nowhere else moves by itself. One message
 * is in the order of Tab; the arrow keys go to the others.
 * @param {Listed} props
 */
export function Messages({
  views,
  answers,
  sending,
  reader,
  canAct,
  label,
  named,
  firstUnread,
  replies,
  read,
}) {
  const items = inOrder(views, answers);
  const last = sending.at(-1)?.request ?? items.at(-1)?.key ?? '';
  const { box, hasNew, toNewest, onScroll } = useNewest(last, isOwn(last, answers, sending), named, read);
  const [active, setActive] = useState('');
  const current = items.some(({ key }) => key === active) ? active : (items.at(-1)?.key ?? '');
  return h(
    'div',
    { class: 'messages' },
    h(
      'div',
      {
        ref: box,
        class: 'scroll',
        role: 'region',
        'aria-label': label,
        onScroll,
        onKeyDown: walk,
        onFocusIn: (/** @type {Event} */ event) =>
          setActive(rowOf(event.target)?.dataset['marker'] ?? current),
      },
      h(
        'div',
        { class: 'column' },
        items.map((item, at) => {
          const before = items[at - 1];
          const isNewDay = before === undefined || !sameDay(before.at, item.at);
          return [
            replies !== null &&
              isNewDay &&
              h(
                'h2',
                { key: `day-${item.key}`, class: 'day' },
                h('span', null, dayHeading(item.at, reader.today)),
              ),
            item.key === firstUnread &&
              h('p', { key: 'unread', class: 'unread-line' }, h('span', null, 'New')),
            item.view === undefined
              ? h(AnswerRow, { key: item.key, answer: item.answer, reader, isActive: item.key === current })
              : h(MessageRow, {
                  key: item.key,
                  view: item.view,
                  reader,
                  canAct,
                  isActive: item.key === current,
                  isNamed: item.key === named,
                  isContinued: !isNewDay && item.key !== firstUnread && follows(before?.view, item.view),
                  replies:
                    replies === null || item.view.to !== ''
                      ? null
                      : (replies.get(item.key) ?? { count: 0, last: 0 }),
                }),
          ];
        }),
        named !== '' &&
          !views.some(({ marker }) => marker === named) &&
          h('p', { class: 'not-here', role: 'status' }, 'The message that this address names is not here.'),
        sending.map((one) => h(SendingRow, { key: one.request, one, reader })),
      ),
    ),
    hasNew &&
      h(
        'button',
        { type: 'button', class: 'button primary new-messages', onClick: toNewest },
        'New messages',
      ),
  );
}

/**
 * @typedef {{ key: string, at: number, view: MessageView, answer?: undefined }
 *   | { key: string, at: number, answer: OwnAnswer, view?: undefined }} Item
 */

/**
 * Answers stand below what was there when they came.
 * @param {MessageView[]} views
 * @param {OwnAnswer[]} answers
 * @returns {Item[]}
 */
function inOrder(views, answers) {
  /** @param {OwnAnswer} answer @returns {Item} */
  const ofAnswer = (answer) => ({ key: answer.id, at: answer.at, answer });
  /** @type {Item[]} */
  const items = [];
  let rest = answers;
  for (const view of views) {
    items.push(...rest.filter(({ after }) => after < view.at).map(ofAnswer));
    rest = rest.filter(({ after }) => after >= view.at);
    items.push({ key: view.marker, at: view.at, view });
  }
  return [...items, ...rest.map(ofAnswer)];
}

/** @param {string} key @param {OwnAnswer[]} answers @param {Sending[]} sending */
const isOwn = (key, answers, sending) =>
  answers.some(({ id }) => id === key) || sending.some(({ request }) => request === key);

/** @param {MessageView | undefined} before @param {MessageView} view */
const follows = (before, view) =>
  before?.by.is === 'person' &&
  view.by.is === 'person' &&
  before.by.id === view.by.id &&
  view.at - before.at < soon;

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const rowOf = (target) => (target instanceof Element ? target.closest('article') : null);

/** Up and down between messages, while a message itself has the focus. @param {KeyboardEvent} event */
function walk(event) {
  const row = rowOf(event.target);
  if (row === null || row !== event.target) return;
  const rows = [...(row.closest('.column')?.querySelectorAll('article') ?? [])];
  const at = rows.indexOf(row);
  const next = { ArrowUp: rows[at - 1], ArrowDown: rows[at + 1], Home: rows[0], End: rows.at(-1) }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

/**
 * Keeps a list at its newest message while it stands there.
 * @param {string} last the newest item
 * @param {boolean} isMine said by this browser, which wants to see it
 * @param {string} named
 * @param {(() => void) | undefined} read
 */
function useNewest(last, isMine, named, read) {
  /** @type {RefObject<HTMLDivElement | null>} */
  const box = useRef(null);
  const isAtNewest = useRef(true);
  const top = useRef(0);
  const [hasNew, setHasNew] = useState(false);
  // Whoever scrolled up wants to stay there, also if the browser has not said so yet.
  const look = () => {
    const element = box.current;
    if (element === null) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
    if (isAtEnd || element.scrollTop < top.current) isAtNewest.current = isAtEnd;
    top.current = element.scrollTop;
  };
  const stay = () => {
    const element = box.current;
    look();
    if (element === null || !isAtNewest.current) return;
    element.scrollTop = element.scrollHeight;
    top.current = element.scrollTop;
    if (element.clientHeight > 0 && document.visibilityState === 'visible') read?.();
  };
  const keep = useRef(stay);
  keep.current = stay;
  const toNewest = () => {
    isAtNewest.current = true;
    top.current = 0;
    setHasNew(false);
    stay();
  };
  const shown = useRef(last);
  useLayoutEffect(() => {
    const element = box.current;
    const row = named === '' ? null : element?.querySelector(`[data-marker="${CSS.escape(named)}"]`);
    if (element === null || !(row instanceof HTMLElement)) return;
    isAtNewest.current = false;
    row.scrollIntoView({ block: row.offsetHeight > element.clientHeight ? 'start' : 'center' });
    top.current = element.scrollTop;
    row.focus({ preventScroll: true });
  }, [named]);
  useLayoutEffect(() => {
    if (shown.current === last) return;
    shown.current = last;
    if (isMine) toNewest();
    else if (!isAtNewest.current) setHasNew(true);
  }, [last]);
  useLayoutEffect(stay);
  useEffect(() => {
    const again = () => keep.current();
    const sizes = new ResizeObserver(again);
    for (const element of [box.current, box.current?.firstElementChild]) if (element) sizes.observe(element);
    document.addEventListener('visibilitychange', again);
    return () => {
      sizes.disconnect();
      document.removeEventListener('visibilitychange', again);
    };
  }, []);
  const onScroll = () => {
    look();
    if (!isAtNewest.current) return;
    setHasNew(false);
    stay();
  };
  return { box, hasNew, toNewest, onScroll };
}
