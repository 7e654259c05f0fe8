// @ts-check
/** Where in the workspace a browser is: read from its address, and written as one. */

/**
 * `marker`: the message that a permanent link names; `thread`: the message whose thread is open; '' for none.
 * @typedef {{ is: 'home' } | { is: 'room', room: string, marker: string, thread: string }
 *   | { is: 'run', run: string } | { is: 'nowhere' }} Place
 * @import { Target } from '../../chat/message.js'
 */

/**
 * The place of an address of ours.
 * @param {URL} url
 * @returns {Place}
 */
export function placeOf(url) {
  const parts = decoded(url.pathname);
  if (parts === undefined) return { is: 'nowhere' };
  const [first, name, marker = '', ...more] = parts;
  if (first === undefined) return { is: 'home' };
  if (name === undefined || more.length > 0) return { is: 'nowhere' };
  if (first === 'rooms')
    return { is: 'room', room: name, marker, thread: url.searchParams.get('thread') ?? '' };
  return first === 'runs' && marker === '' ? { is: 'run', run: name } : { is: 'nowhere' };
}

/** @param {string} path */
function decoded(path) {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/**
 * The address of a room.
 * @param {string} room
 */
export const roomAddress = (room) => `/rooms/${encodeURIComponent(room)}`;
/**
 * The permanent link of a message.
 * @param {string} room
 * @param {string} marker
 */
export const messageAddress = (room, marker) => `${roomAddress(room)}/${encodeURIComponent(marker)}`;
/**
 * The room with a thread beside it.
 * @param {string} room
 * @param {string} marker
 */
export const threadAddress = (room, marker) => `${roomAddress(room)}?thread=${encodeURIComponent(marker)}`;
/**
 * The page of a run.
 * @param {string} run
 */
export const runAddress = (run) => `/runs/${encodeURIComponent(run)}`;

/**
 * Where a link of a message leads. An address outside counts only with https: everything else leads nowhere.
 * @param {Target} target
 * @returns {{ href: string, host: string } | undefined} `host`: of an address outside, else ''.
 */
export function addressOf(target) {
  switch (target.to) {
    case 'run':
      return { href: runAddress(target.run), host: '' };
    case 'message':
      return { href: messageAddress(target.room, target.marker), host: '' };
    case 'room':
      return { href: roomAddress(target.room), host: '' };
    case 'url': {
      const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
      return url?.protocol === 'https:' ? { href: url.href, host: url.host } : undefined;
    }
  }
}
