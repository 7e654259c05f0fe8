// @ts-check
import { h } from 'preact';
import { ButtonView, isBusy, press } from './button.js';

/**
 * @import { RunPage } from '../api.js'
 */

/**
 * What cancel would do now, and the button that does it.
 * @param {{ page: RunPage, canAct: boolean }} props
 */
export function RunCancel({ page: { cancel, room, run }, canAct }) {
  const { words, ends, stays, button } = cancel;
  const source = `run-${run}-cancel`;
  return h(
    'section',
    { 'aria-labelledby': 'run-cancel' },
    h('h2', { id: 'run-cancel' }, 'Cancel'),
    h('p', null, words),
    h(Names, { title: 'Would not be done', names: ends }),
    h(Names, { title: 'Stays public', names: stays }),
    button !== null &&
      canAct &&
      h(ButtonView, {
        button,
        busy: isBusy(source),
        press: () => press(button, { room, thread: '' }, `${source}/${button.id}`),
      }),
  );
}

/** @param {{ title: string, names: string[] }} props */
function Names({ title, names }) {
  if (names.length === 0) return null;
  return h('p', null, h('strong', null, `${title}: `), names.join(', '));
}
