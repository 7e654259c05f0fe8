// @ts-check
/** What a person has not seen yet. Kept in this browser, by person. */

/**
 * @import { MessageView } from '../api.js'
 * @import { State } from './store.js'
 */

const firstVisit = 'slipway.first-visit';
/** @param {string} person */
const key = (person) => `slipway.seen.${person}`;

/**
 * When a person last saw each room, ms.
 * @param {string} person
 * @returns {Record<string, number>}
 */
export function seenBy(person) {
  try {
    return JSON.parse(localStorage.getItem(key(person)) ?? '{}');
  } catch {
    return {};
  }
}

/**
 * Keeps what a person has seen, for the next visit.
 * @param {string} person
 * @param {Record<string, number>} seen
 */
export const rememberSeen = (person, seen) => localStorage.setItem(key(person), JSON.stringify(seen));

/**
 * What was said before this browser came here first counts as seen.
 * @param {number} now
 */
export function beginning(now) {
  const kept = Number(localStorage.getItem(firstVisit));
  if (kept > 0) return kept;
  localStorage.setItem(firstVisit, String(now));
  return now;
}

/**
 * How many messages of a room `me` has not seen: those in the room itself, and those in threads that name him.
 * @param {State} state
 * @param {string} room
 */
export function unreadIn({ rooms, me, seen }, room) {
  const since = seen[room] ?? beginning(Date.now());
  return (rooms[room] ?? []).filter(
    (one) => one.at > since && !isBy(one, me) && (one.under === '' || pings(one, me)),
  ).length;
}

/**
 * Everything unread, of all rooms.
 * @param {State} state
 */
export const unreadEverywhere = (state) =>
  Object.keys(state.rooms).reduce((sum, room) => sum + unreadIn(state, room), 0);

/**
 * Whether these are a person's own words.
 * @param {MessageView} one
 * @param {string} person
 */
export const isBy = ({ by }, person) => by.is === 'person' && by.id === person;

/**
 * @param {MessageView} one
 * @param {string} person
 */
function pings({ message }, person) {
  return (message?.blocks ?? []).some(
    (block) =>
      (block.is === 'lines' || block.is === 'small') &&
      block.lines.some(({ pieces }) =>
        pieces.some((piece) => piece.is === 'person' && piece.ping && piece.id === person),
      ),
  );
}
