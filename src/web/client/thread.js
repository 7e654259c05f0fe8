// @ts-check
import { h } from 'preact';
import { Composer } from './composer.js';
import { Icon } from './icon.js';
import { Messages } from './messages.js';
import { roomAddress } from './place.js';
import { waitingIn } from './sending.js';

/**
 * @import { State } from './store.js'
 */

/**
 * The talk under a message, beside the room. Esc closes it.
 * @param {{ state: State, room: string, marker: string, named: string, go: (href: string) => void }} props
 */
export function Thread({ state, room, marker, named, go }) {
  const { workspace, me, rooms, answers, today } = state;
  const canAct = workspace?.rooms.find((one) => one.room === room)?.canAct ?? false;
  const views = (rooms[room] ?? []).filter((one) => one.marker === marker || one.under === marker);
  const close = roomAddress(room);
  return h(
    'aside',
    {
      class: 'thread',
      'aria-label': 'Thread',
      onKeyDown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        go(close);
      },
    },
    h(
      'header',
      { class: 'room-header' },
      h('h2', null, 'Thread'),
      h('p', { class: 'about-room' }, `#${room}`),
      h(
        'a',
        { class: 'tool close', href: close, 'aria-label': 'Close thread', title: 'Close thread' },
        h(Icon, { name: 'close' }),
      ),
    ),
    views.length === 0
      ? h('p', { class: 'empty' }, 'This message is not here.')
      : h(Messages, {
          key: `${me} ${marker}`,
          views,
          answers: answers.filter((one) => one.as === me && one.room === room && one.thread === marker),
          sending: waitingIn(state, room, marker),
          reader: { me, today },
          canAct,
          label: 'Messages of the thread',
          named,
          firstUnread: '',
          replies: null,
        }),
    canAct &&
      h(Composer, {
        room,
        thread: marker,
        as: me,
        label: 'Reply in thread',
        focus: matchMedia('(hover: hover)').matches,
      }),
  );
}
