// @ts-check
import { h } from 'preact';
import { addressOf } from './place.js';
import { Leading } from './piece.js';
import { act } from './sending.js';
import { change, known } from './store.js';

/**
 * @import { Button } from '../../chat/message.js'
 * @import { Where } from './sending.js'
 */

/**
 * A button of a message. One that leads somewhere is a link. While it is busy it keeps its focus and does nothing.
 * @param {{ button: Button, busy: boolean, press: () => void }} props
 */
export function ButtonView({ button: { label, about, style, does }, busy, press }) {
  if (does.is === 'go') {
    const to = addressOf(does.target);
    return to === undefined
      ? null
      : h(Leading, { to, label, about: spoken(label, about), class: `button ${style} leads` });
  }
  return h(
    'button',
    {
      type: 'button',
      class: `button ${style}`,
      'aria-disabled': busy ? 'true' : undefined,
      'aria-busy': busy ? 'true' : undefined,
      'aria-label': spoken(label, about),
      onClick: () => busy || press(),
    },
    label,
  );
}

/**
 * What a screen reader says instead of the label; it has the words of the label, by which people call a button that they
 * see. undefined: the label itself.
 * @param {string} label
 * @param {string} about
 */
export function spoken(label, about) {
  if (about === label) return undefined;
  const words = label.toLowerCase().match(/[\p{L}\p{N}.]*[\p{L}\p{N}]/gu) ?? [];
  const said = about.toLowerCase();
  return words.every((word) => said.includes(word)) ? about : `${label}: ${about}`;
}

/**
 * Does what a button does: asks first if it has a question, opens its form, or says it.
 * @param {Button} button
 * @param {Where} where
 * @param {string} source
 */
export function press(button, where, source) {
  if (button.confirm !== undefined) change({ asked: { is: 'confirm', button, where, source } });
  else pressSurely(button, where, source);
}

/**
 * Does it without asking.
 * @param {Button} button
 * @param {Where} where
 * @param {string} source
 */
export function pressSurely({ does, label, about }, where, source) {
  if (does.is === 'form') change({ asked: { is: 'form', form: does.form, where, about } });
  if (does.is === 'say') void act(where, does.say, label, source);
}

/**
 * Whether something of a message is on its way. While one button is, the others wait too.
 * @param {string} source of the message
 */
export const isBusy = (source) =>
  known().sending.some((one) => one.trouble === '' && one.source.startsWith(`${source}/`));
