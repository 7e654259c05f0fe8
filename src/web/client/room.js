// @ts-check
import { h } from 'preact';
import { useState } from 'preact/hooks';
import { isBusy } from './button.js';
import { Composer } from './composer.js';
import { Icon } from './icon.js';
import { Messages } from './messages.js';
import { mergeFix, say, waitingIn } from './sending.js';
import { change, known } from './store.js';
import { beginning, isBy, rememberSeen } from './unread.js';

/**
 * @import { MessageView } from '../api.js'
 * @import { State } from './store.js'
 */

/**
 * A room: its messages and where to type.
 * @param {{ state: State, room: string, named: string }} props
 */
export function Room({ state, room, named }) {
  const { workspace, me, rooms, answers } = state;
  const isDirect = room === `@${me}`;
  const found = workspace?.rooms.find((one) => one.room === room);
  const all = rooms[room];
  const name = isDirect ? 'Slipway to you' : room;
  if (found === undefined && !isDirect) return h(NoRoom, { room });
  const canAct = found?.canAct ?? false;
  const mine = answers.filter((one) => one.as === me && one.room === room && one.thread === '');
  const waiting = waitingIn(state, room, '');
  const isEmpty = (all ?? []).length + mine.length + waiting.length === 0;
  return h(
    'main',
    { class: 'room', id: 'room', tabIndex: -1 },
    h(
      'header',
      { class: 'room-header' },
      h('a', { class: 'to-rooms', href: '/', 'aria-label': 'All rooms' }, h(Icon, { name: 'back' })),
      h('h1', null, !isDirect && h('span', { class: 'hash', 'aria-hidden': 'true' }, '#'), name),
      h('p', { class: 'about-room' }, isDirect ? 'Only you can see this' : aboutRoom(found?.projects ?? [])),
      workspace?.practice.includes(room) === true && h(MergeFix, { room, busy: isBusy('practice') }),
    ),
    isEmpty && all === undefined && h('p', { class: 'empty', role: 'status' }, 'Reading the room…'),
    isEmpty && all !== undefined && h(Empty, { room, canAct }),
    !isEmpty &&
      h(OpenRoom, {
        key: `${me} ${room} ${all !== undefined}`,
        state,
        room,
        all: all ?? [],
        mine,
        waiting,
        named,
        canAct,
      }),
    canAct &&
      h(Composer, {
        room,
        thread: '',
        as: me,
        label: `Message #${room}, or type / for commands`,
        focus: named === '' && wantsFocus(),
      }),
    !canAct &&
      !isDirect &&
      h('p', { class: 'only-shows' }, 'This room only shows. Local people act in sandbox projects alone.'),
  );
}

/**
 * @param {{ state: State, room: string, all: MessageView[], mine: State['answers'], waiting: State['sending'],
 *   named: string, canAct: boolean }} props
 */
function OpenRoom({ state, room, all, mine, waiting, named, canAct }) {
  const { me, today, seen } = state;
  const top = all.filter(({ under }) => under === '');
  const [firstUnread] = useState(() => {
    const since = seen[room] ?? beginning(Date.now());
    return top.find((one) => one.at > since && !isBy(one, me))?.marker ?? '';
  });
  return h(Messages, {
    views: top,
    answers: mine,
    sending: waiting,
    reader: { me, today },
    canAct,
    label: 'Messages',
    named,
    firstUnread,
    replies: repliesIn(all),
    read: () => seenNow(room),
  });
}

/** @param {string} room */
function seenNow(room) {
  const { me, seen, rooms } = known();
  const newest = Math.max(0, ...(rooms[room] ?? []).map(({ at }) => at));
  if (newest <= (seen[room] ?? 0)) return;
  const next = { ...seen, [room]: newest };
  rememberSeen(me, next);
  change({ seen: next });
}

/** @param {MessageView[]} all */
function repliesIn(all) {
  /** @type {Map<string, { count: number, last: number }>} */
  const found = new Map();
  for (const { under, at } of all) {
    if (under !== '') found.set(under, { count: (found.get(under)?.count ?? 0) + 1, last: at });
  }
  return found;
}

/** @param {string[]} projects */
const aboutRoom = (projects) => (projects.length === 0 ? '' : `Releases of ${projects.join(', ')}`);

/** Where nothing can point, the focus would open a keyboard that covers the room. */
const wantsFocus = () => matchMedia('(hover: hover)').matches;

/** @param {{ room: string, busy: boolean }} props */
const MergeFix = ({ room, busy }) =>
  h(
    'button',
    {
      type: 'button',
      class: 'button default practice',
      title: 'Practice: somebody merges the next fix',
      'aria-disabled': busy ? 'true' : undefined,
      onClick: () => busy || void mergeFix({ room, thread: '' }),
    },
    'Merge a fix',
  );

/** @param {{ room: string, canAct: boolean }} props */
function Empty({ room, canAct }) {
  return h(
    'div',
    { class: 'empty' },
    h('p', { class: 'empty-title' }, 'Nothing has been said here.'),
    canAct &&
      h(
        'p',
        null,
        'Type / to see what you can say, or begin with the form. It shows a plan before anything starts.',
      ),
    canAct &&
      h(
        'button',
        {
          type: 'button',
          class: 'button primary',
          onClick: () => void say({ room, thread: '' }, '/release'),
        },
        'Start a release…',
      ),
  );
}

/** @param {{ room: string }} props */
const NoRoom = ({ room }) =>
  h(
    'main',
    { class: 'room', id: 'room', tabIndex: -1 },
    h(
      'div',
      { class: 'empty' },
      h('h1', { class: 'empty-title' }, 'No such room'),
      h('p', null, `There is no room “${room}” that you can see.`),
      h('p', null, h('a', { href: '/' }, 'All rooms')),
    ),
  );
