// @ts-check
import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { readCompletions } from './api.js';

/**
 * @import { Completion } from '../api.js'
 */

/** @param {string} text */
const isCommand = (text) => /^\s*(\/|@slipway\b)/.test(text) && !text.includes('\n');

/**
 * What could be typed next. The first one is chosen by itself only while it ends a word that was begun, so that Enter
 * sends a command that is whole.
 * @param {string} text
 * @param {string} room
 * @param {string} as
 */
export function useCompletions(text, room, as) {
  /** @type {Completion[]} */
  const none = [];
  const [options, setOptions] = useState(none);
  const [active, setActive] = useState(-1);
  // What was offered for less of the line must not be taken for the whole of it.
  const [of, setOf] = useState('');
  const closed = useRef('');
  const read = async (/** @type {AbortSignal} */ signal) => {
    const found = await readCompletions({ room, text, as }, signal).catch(() => none);
    if (signal.aborted) return;
    const useful = found.filter(({ line }) => line.trimEnd() !== text.trimEnd());
    setOptions(useful);
    setOf(text);
    setActive(useful[0] !== undefined && endsWord(useful[0].line, text) ? 0 : -1);
  };
  useEffect(() => {
    if (!isCommand(text) || closed.current === text) return setOptions(none);
    const asking = new AbortController();
    void read(asking.signal);
    return () => asking.abort();
  }, [text, room, as]);
  const close = () => {
    closed.current = text;
    setOptions(none);
  };
  const move = (/** @type {number} */ by) =>
    setActive((before) => (before + by + options.length) % options.length);
  return { options, active: of === text ? active : -1, move, setActive, close };
}

/** @param {string} line @param {string} text */
const endsWord = (line, text) => !line.startsWith(`${text.trimEnd()} `);

/**
 * The list of what could be typed.
 * @param {{ id: string, options: Completion[], active: number, take: (one: Completion) => void,
 *   point: (at: number) => void }} props
 */
export function CompletionList({ id, options, active, take, point }) {
  return h(
    'ul',
    { id, class: 'completions', role: 'listbox', 'aria-label': 'Commands' },
    options.map((one, at) =>
      h(
        'li',
        {
          key: one.line,
          id: `${id}-${at}`,
          role: 'option',
          'aria-selected': at === active ? 'true' : 'false',
          onMouseMove: () => point(at),
          // The composer keeps the focus.
          onMouseDown: (/** @type {Event} */ event) => event.preventDefault(),
          onClick: () => take(one),
        },
        h('span', { class: 'completion-label' }, one.label),
        h('span', { class: 'completion-about' }, one.about),
      ),
    ),
  );
}
