// @ts-check
import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CompletionList, useCompletions } from './completion.js';
import { Icon } from './icon.js';
import { say } from './sending.js';

/**
 * @import { RefObject } from 'preact'
 * @import { Completion } from '../api.js'
 */

/** What was typed and not sent, by place, so that it is there when one comes back. @type {Map<string, string>} */
const drafts = new Map();
/** What was sent from this page, oldest first. @type {string[]} */
const sent = [];

/**
 * Where a person types. Enter sends, Shift+Enter begins a line; `/` shows what can be said; Up in an empty composer brings
 * back what was sent.
 * @param {{ room: string, thread: string, as: string, label: string, focus: boolean }} props
 */
export function Composer({ room, thread, as, label, focus }) {
  const place = `${as}\n${room}\n${thread}`;
  const [text, setText] = useState(drafts.get(place) ?? '');
  const [back, setBack] = useState(0);
  /** @type {RefObject<HTMLTextAreaElement | null>} */
  const area = useRef(null);
  const list = thread === '' ? 'completions' : 'thread-completions';
  const { options, active, move, setActive, close } = useCompletions(text, room, as);
  const isOpen = options.length > 0;

  useEffect(() => void setText(drafts.get(place) ?? ''), [place]);
  useEffect(() => {
    if (focus) area.current?.focus({ preventScroll: true });
  }, [place]);

  const write = (/** @type {string} */ next) => {
    drafts.set(place, next);
    setText(next);
  };
  const take = (/** @type {Completion | undefined} */ one) => {
    if (one === undefined) return;
    write(one.line);
    area.current?.focus();
  };
  const submit = () => {
    if (text.trim() === '') return;
    sent.push(text);
    setBack(0);
    write('');
    close();
    void say({ room, thread }, text.trim());
  };
  const recall = (/** @type {number} */ steps) => {
    if (steps < 0 || steps > sent.length) return;
    setBack(steps);
    write(steps === 0 ? '' : (sent.at(-steps) ?? ''));
  };
  const isRecalled = text === '' || (back > 0 && text === sent.at(-back));

  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    const done = () => event.preventDefault();
    if (isOpen && event.key === 'Escape') return (done(), close());
    if (isOpen && back === 0 && event.key === 'ArrowDown') return (done(), move(1));
    if (isOpen && back === 0 && event.key === 'ArrowUp') return (done(), move(active === -1 ? 0 : -1));
    if (isOpen && event.key === 'Tab' && !event.shiftKey) return (done(), take(options[Math.max(active, 0)]));
    if (event.key === 'Enter' && !event.shiftKey) {
      done();
      return isOpen && active >= 0 ? take(options[active]) : submit();
    }
    if (event.key === 'ArrowUp' && isRecalled) return (done(), recall(back + 1));
    if (event.key === 'ArrowDown' && isRecalled && back > 0) return (done(), recall(back - 1));
  };

  return h(
    'form',
    {
      class: 'composer',
      onSubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        submit();
      },
    },
    isOpen && h(CompletionList, { id: list, options, active, take, point: setActive }),
    h(
      'p',
      { class: 'unseen', role: 'status' },
      isOpen ? `${options.length} commands. Down arrow to choose.` : '',
    ),
    h(
      'div',
      { class: 'composer-box' },
      h('textarea', {
        ref: area,
        id: thread === '' ? 'composer' : 'thread-composer',
        value: text,
        rows: Math.min(8, text.split('\n').length),
        maxLength: 4_000,
        placeholder: thread === '' ? 'Message, or / for commands' : label,
        'aria-label': label,
        'aria-autocomplete': 'list',
        'aria-controls': isOpen ? list : undefined,
        'aria-activedescendant': isOpen && active >= 0 ? `${list}-${active}` : undefined,
        autocomplete: 'off',
        spellcheck: true,
        enterKeyHint: 'send',
        onInput: (/** @type {{ currentTarget: { value: string } }} */ event) => {
          setBack(0);
          write(event.currentTarget.value);
        },
        onKeyDown,
        onBlur: close,
      }),
      h(
        'button',
        {
          type: 'submit',
          class: 'send',
          'aria-label': 'Send',
          'aria-disabled': text.trim() === '' ? 'true' : undefined,
        },
        h(Icon, { name: 'send' }),
      ),
    ),
  );
}
