// @ts-check
/** Times as a reader reads them: in the browser's zone, today's without the date. All moments are ms since the epoch. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The clock of the reader: `14:32`.
 * @param {number} at
 */
export function clock(at) {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/**
 * `14 Oct`, with its year if that is another one than `now`'s.
 * @param {number} at
 * @param {number} now
 */
export function day(at, now) {
  const date = new Date(at);
  const short = `${date.getDate()} ${months[date.getMonth()]}`;
  return date.getFullYear() === new Date(now).getFullYear() ? short : `${short} ${date.getFullYear()}`;
}

/**
 * Whether both are on the same day of the reader.
 * @param {number} a
 * @param {number} b
 */
export const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();

/**
 * `14:32` today, else `14 Oct 14:32`; always with the date if `show` asks for it.
 * @param {number} at
 * @param {number} now
 * @param {'time' | 'date-and-time'} show
 */
export function readable(at, now, show = 'time') {
  return show === 'time' && sameDay(at, now) ? clock(at) : `${day(at, now)} ${clock(at)}`;
}

/**
 * The whole moment with its zone, for who points at it: `14 Oct 2026 14:32 GMT+1`.
 * @param {number} at
 */
export function whole(at) {
  const date = new Date(at);
  const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName');
  return `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()} ${clock(at)} ${zone?.value ?? ''}`.trim();
}

/**
 * The heading of a day in a room: `Today`, `Yesterday`, `Saturday 14 Oct`.
 * @param {number} at
 * @param {number} now
 */
export function dayHeading(at, now) {
  if (sameDay(at, now)) return 'Today';
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (sameDay(at, yesterday.getTime())) return 'Yesterday';
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' }).format(new Date(at));
  return `${weekday} ${day(at, now)}`;
}
