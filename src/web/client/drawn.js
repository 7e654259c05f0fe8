// @ts-check
import { h } from 'preact';
import { marks } from './marks.js';

/** @type {[string, string][]} */
const ofMarks = Object.entries(marks).map(([name, sign]) => [sign, `mark mark-${name}`]);
/** Characters that the style sheet draws, and the class that does it. */
const classes = new Map([
  ...ofMarks,
  ['✅', 'emoji emoji-yes'],
  ['❌', 'emoji emoji-no'],
  ['👍', 'emoji emoji-thumb'],
]);
const signs = new RegExp(`(${[...classes.keys()].join('|')})`);

/**
 * Words whose marks and emoji are drawn, for a machine that has no font with them. The characters stay in the text.
 * @param {string} text
 */
export const drawn = (text) =>
  text
    .split(signs)
    .map((part, at) => (classes.has(part) ? h('span', { key: at, class: classes.get(part) }, part) : part));

/**
 * One emoji of a reaction, whose name is said elsewhere.
 * @param {{ emoji: string }} props
 */
export const Emoji = ({ emoji }) =>
  h('span', { class: classes.get(emoji) ?? 'emoji', 'aria-hidden': 'true' }, emoji);
