// @ts-check
import { h } from 'preact';
import { AnswerRow, SendingRow } from './own-rows.js';
import { useStore } from './store.js';

/**
 * @import { Reader } from './piece.js'
 */

/**
 * What the bot answers to who acts on this page, for him alone, and what has got no answer yet.
 * @param {{ room: string, reader: Reader }} props
 */
export function RunAnswers({ room, reader }) {
  const { answers, sending, me } = useStore();
  const isHere = (/** @type {{ as: string, room: string, thread: string }} */ one) =>
    one.as === me && one.room === room && one.thread === '';
  const mine = answers.filter(isHere);
  const stuck = sending.filter((one) => isHere(one) && one.trouble !== '');
  if (mine.length + stuck.length === 0) return null;
  return h(
    'section',
    { class: 'run-answers', 'aria-label': 'Answers to you' },
    mine.map((answer) => h(AnswerRow, { key: answer.id, answer, reader, isActive: true })),
    stuck.map((one) => h(SendingRow, { key: one.request, one, reader })),
  );
}
