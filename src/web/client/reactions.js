// @ts-check
import { h } from 'preact';
import { Emoji } from './drawn.js';
import { react } from './sending.js';

/**
 * @import { MessageView } from '../api.js'
 */

/** What can be put under a message at one press, and what it is called. */
const offered = [
  { emoji: '✅', name: 'check mark' },
  { emoji: '❌', name: 'cross mark' },
  { emoji: '👍', name: 'thumbs up' },
];
/** Those that mean something under a question that takes votes, so they stand there before anybody gave one. */
const votes = ['✅', '❌'];

/** @param {string} emoji */
const nameOf = (emoji) => offered.find((one) => one.emoji === emoji)?.name ?? emoji;

/** @param {MessageView} view */
const takesVotes = ({ message }) =>
  message?.buttons.some(({ does }) => does.is === 'say' && does.say.verb === 'approve') ?? false;

/**
 * What stands under a message: what was given, and what it asks for.
 * @param {MessageView} view
 */
function rowOf(view) {
  const asked = takesVotes(view) ? votes : [];
  const given = new Map(view.reactions.map(({ emoji, people }) => [emoji, people]));
  return [...new Set([...asked, ...given.keys()])].map((emoji) => ({
    emoji,
    people: given.get(emoji) ?? [],
  }));
}

/**
 * Reactions under a message with who gave them. Pressed, one's own is put there or taken away; it shows so only once the
 * server has it.
 * @param {{ view: MessageView, me: string, canAct: boolean, busy: boolean }} props
 */
export function Reactions({ view, me, canAct, busy }) {
  const row = rowOf(view);
  if (row.length === 0) return null;
  return h(
    'div',
    { class: 'reactions', role: 'group', 'aria-label': 'Reactions' },
    row.map(({ emoji, people }) => {
      const mine = people.some(({ id }) => id === me);
      const names = people.map(({ name }) => name).join(', ');
      const words =
        people.length === 0 ? `React with ${nameOf(emoji)}` : `${nameOf(emoji)}, ${people.length}: ${names}`;
      return h(
        'button',
        {
          key: emoji,
          type: 'button',
          class: 'reaction',
          'aria-pressed': mine ? 'true' : 'false',
          'aria-disabled': busy || !canAct ? 'true' : undefined,
          'aria-label': words,
          title: people.length === 0 ? words : names,
          onClick: () => canAct && !busy && react(where(view), emoji, !mine),
        },
        h(Emoji, { emoji }),
        people.length > 0 && h('span', { class: 'count' }, people.length),
      );
    }),
  );
}

/**
 * The buttons that put a first reaction under a message.
 * @param {{ view: MessageView, busy: boolean, tabIndex: number }} props
 */
export function OfferedReactions({ view, busy, tabIndex }) {
  const row = rowOf(view);
  const others = offered.filter(({ emoji }) => row.every((one) => one.emoji !== emoji));
  return others.map(({ emoji, name }) => {
    const words = `React with ${name}`;
    return h(
      'button',
      {
        key: emoji,
        type: 'button',
        class: 'tool',
        tabIndex,
        'aria-label': words,
        title: words,
        'aria-disabled': busy ? 'true' : undefined,
        onClick: () => busy || react(where(view), emoji, true),
      },
      h(Emoji, { emoji }),
    );
  });
}

/** @param {MessageView} view */
const where = ({ room, marker, under }) => ({ room, marker, thread: under });
