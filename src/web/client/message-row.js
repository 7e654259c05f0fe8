// @ts-check
import { h } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Avatar } from './avatar.js';
import { isBusy, press } from './button.js';
import { drawn } from './drawn.js';
import { Icon } from './icon.js';
import { MessageCard } from './message.js';
import { Moment } from './piece.js';
import { messageAddress, threadAddress } from './place.js';
import { OfferedReactions, Reactions } from './reactions.js';
import { clock, readable } from './time.js';

/**
 * @import { MessageView } from '../api.js'
 * @import { Reader } from './piece.js'
 * @import { RefObject } from 'preact'
 *
 * @typedef {object} RowProps
 * @property {MessageView} view
 * @property {Reader} reader
 * @property {boolean} canAct
 * @property {boolean} isActive The one of its list that Tab goes into.
 * @property {boolean} isNamed The one that a permanent link names.
 * @property {boolean} isContinued By the same person as the one before, soon after it.
 * @property {{ count: number, last: number } | null} replies null: it cannot have any here.
 */

/**
 * A message of a room: who said it and when, what, reactions, and the way into its thread.
 * @param {RowProps} props
 */
export function MessageRow({ view, reader, canAct, isActive, isNamed, isContinued, replies }) {
  const { by, marker, message, words } = view;
  const row = useFocusKept();
  const name = by.is === 'slipway' ? 'Slipway' : by.name;
  const tabIndex = isActive ? 0 : -1;
  const source = marker;
  const where = { room: view.room, thread: view.under, via: linkedRoom(view) };
  const busy = isBusy(source);
  return h(
    'article',
    {
      ref: row,
      class: `message${isNamed ? ' named' : ''}${isContinued ? ' continued' : ''}${isActive ? ' active' : ''}`,
      tabIndex,
      'data-marker': marker,
      'aria-label': [`${name}, ${readable(view.at, reader.today)}`, message?.header]
        .filter(Boolean)
        .join(': '),
    },
    isContinued
      ? h('span', { class: 'gutter', 'aria-hidden': 'true' }, clock(view.at))
      : h(Avatar, { id: by.is === 'slipway' ? '' : by.id, name }),
    h(
      'div',
      { class: 'content' },
      !isContinued && h(Byline, { view, name, reader, tabIndex }),
      message === null
        ? h('p', { class: 'words', dir: 'auto' }, drawn(words))
        : h(MessageCard, {
            message,
            reader,
            busy: () => busy,
            press: (button) => press(button, where, `${source}/${button.id}`),
          }),
      h(Reactions, { view, me: reader.me, canAct, busy }),
      replies !== null && replies.count > 0 && h(RepliesLink, { view, replies, reader }),
    ),
    h(Tools, { view, canAct, busy, tabIndex, canThread: replies !== null }),
  );
}

/**
 * What is said to one person alone is about the room that its first link leads to.
 * @param {MessageView} view
 */
function linkedRoom({ room, to, message }) {
  const targets = (message?.buttons ?? []).map(({ does }) => (does.is === 'go' ? does.target : undefined));
  const found = targets.find((target) => target?.to === 'message' || target?.to === 'room');
  return to !== '' && (found?.to === 'message' || found?.to === 'room') ? found.room : room;
}

/** @param {{ view: MessageView, name: string, reader: Reader, tabIndex: number }} props */
function Byline({ view, name, reader, tabIndex }) {
  return h(
    'div',
    { class: 'byline' },
    h('span', { class: 'author' }, name),
    view.by.is === 'slipway' && h('span', { class: 'badge' }, 'bot'),
    h(
      'a',
      { class: 'when', href: messageAddress(view.room, view.marker), tabIndex },
      h(Moment, { at: view.at, today: reader.today }),
    ),
    view.editedAt > 0 &&
      h('span', { class: 'edited' }, 'edited ', h(Moment, { at: view.editedAt, today: reader.today })),
  );
}

/** @param {{ view: MessageView, replies: { count: number, last: number }, reader: Reader }} props */
function RepliesLink({ view, replies: { count, last }, reader }) {
  return h(
    'a',
    { class: 'replies', href: threadAddress(view.room, view.marker) },
    h('span', null, count === 1 ? '1 reply' : `${count} replies`),
    h('span', { class: 'last' }, ' last ', h(Moment, { at: last, today: reader.today })),
  );
}

/**
 * What can be done with a message: shown on pointing, on focus, and always where nothing can point.
 * @param {{ view: MessageView, canAct: boolean, busy: boolean, tabIndex: number, canThread: boolean }} props
 */
function Tools({ view, canAct, busy, tabIndex, canThread }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(messageAddress(view.room, view.marker), location.href).href);
    setCopied(true);
  };
  const copying = isCopied ? 'Link copied' : 'Copy link';
  return h(
    'div',
    { class: 'tools', role: 'group', 'aria-label': 'Message actions' },
    canAct && view.to === '' && h(OfferedReactions, { view, busy, tabIndex }),
    canThread &&
      h(
        'a',
        {
          class: 'tool',
          href: threadAddress(view.room, view.marker),
          tabIndex,
          'aria-label': 'Reply in thread',
          title: 'Reply in thread',
        },
        h(Icon, { name: 'reply' }),
      ),
    h(
      'button',
      {
        type: 'button',
        class: 'tool',
        tabIndex,
        'aria-label': copying,
        title: copying,
        onClick: copy,
        onBlur: () => setCopied(false),
      },
      h(Icon, { name: isCopied ? 'check' : 'link' }),
    ),
  );
}

/** An edit can take the button away that has the focus; the message has it then. */
function useFocusKept() {
  /** @type {RefObject<HTMLElement | null>} */
  const row = useRef(null);
  const had = row.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (had && document.activeElement === document.body) row.current?.focus({ preventScroll: true });
  });
  return row;
}
