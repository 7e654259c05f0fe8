// @ts-check
import { h } from 'preact';
import { Icon } from './icon.js';
import { roomAddress } from './place.js';
import { unreadIn } from './unread.js';

/**
 * @import { State } from './store.js'
 */

/**
 * The rooms, and what is said to oneself alone. What is new there is told by a dot, a bold name and words.
 * @param {{ state: State, room: string }} props `room`: the one that is open.
 */
export function RoomsList({ state, room }) {
  const { workspace, me } = state;
  const direct = `@${me}`;
  const rooms = workspace?.rooms ?? [];
  const isListed = room === direct || rooms.some((one) => one.room === room);
  // One of them is in the order of Tab; the arrow keys go to the others.
  const entry = isListed ? room : rooms[0]?.room;
  return h(
    'nav',
    { class: 'rooms', 'aria-label': 'Rooms', onKeyDown: walk },
    h('h2', null, 'Rooms'),
    h(
      'ul',
      null,
      rooms.map((one) =>
        h(RoomLink, {
          key: one.room,
          room: one.room,
          name: one.room,
          unread: unreadIn(state, one.room),
          isOpen: one.room === room,
          isEntry: one.room === entry,
        }),
      ),
    ),
    me !== '' && h('h2', null, 'To you alone'),
    me !== '' &&
      h(
        'ul',
        null,
        h(RoomLink, {
          room: direct,
          name: 'Slipway',
          unread: unreadIn(state, direct),
          isOpen: direct === room,
          isEntry: direct === entry,
        }),
      ),
  );
}

/** @param {{ room: string, name: string, unread: number, isOpen: boolean, isEntry: boolean }} props */
function RoomLink({ room, name, unread, isOpen, isEntry }) {
  return h(
    'li',
    null,
    h(
      'a',
      {
        href: roomAddress(room),
        class: unread > 0 ? 'room-link unread' : 'room-link',
        'aria-label': unread > 0 ? `${name}, ${unread} unread` : undefined,
        tabIndex: isEntry ? 0 : -1,
        'aria-current': isOpen ? 'page' : undefined,
      },
      h('span', { class: 'room-sign' }, h(Icon, { name: room.startsWith('@') ? 'people' : 'room' })),
      h('span', { class: 'room-name' }, name),
      unread > 0 && h('span', { class: 'dot', 'aria-hidden': 'true' }),
    ),
  );
}

/** Up and down between rooms. @param {KeyboardEvent} event */
function walk(event) {
  if (!(event.target instanceof HTMLElement) || !(event.currentTarget instanceof HTMLElement)) return;
  const links = [...event.currentTarget.querySelectorAll('a')];
  const at = links.findIndex((link) => link === event.target);
  const next = { ArrowUp: links[at - 1], ArrowDown: links[at + 1], Home: links[0], End: links.at(-1) }[
    event.key
  ];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
