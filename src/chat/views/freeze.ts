import { plain } from './plain.js';

/** What a freeze says to who would start something. Times in ms since the epoch. */
export interface FrozenView {
  project: string;
  name: string;
  until: number;
  now: number;
  /** IANA zone; a freeze is about what the clocks of a place show. */
  zone: string;
  /** Operations that may be started all the same. */
  allowed: readonly string[];
  /** Roles that may start all the same. */
  except: readonly string[];
  /** Who asks has one of them, and gave no reason. */
  needsReason: boolean;
}

/** Why nothing was started, until when, and what still works. */
export function frozen(view: FrozenView): { message: string; hint: string } {
  const { project, allowed, except, needsReason, zone } = view;
  const until = `${moment(view.until, view.now, zone)} ${zone}`;
  const works =
    allowed.length === 0
      ? 'No operation is allowed.'
      : `${joined(allowed)} ${allowed.length === 1 ? 'is' : 'are'} allowed.`;
  const exception = needsReason
    ? ' You may start it all the same: add --reason "…".'
    : except.length > 0
      ? ` An exception is for ${joined(except, 'or')}, with a reason.`
      : '';
  return {
    message: `🔒 ${project} · frozen until ${until}: "${plain(view.name)}".`,
    hint: `Nothing was started. ${works}${exception}`,
  };
}

const week = 7 * 24 * 3_600_000;

/** `Mon 09:00` within a week, else with the date. */
function moment(ms: number, now: number, zone: string): string {
  const near = ms - now < week;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).formatToParts(ms);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const time = `${part('hour')}:${part('minute')}`;
  return near ? `${part('weekday')} ${time}` : `${part('day')} ${part('month')} ${part('year')} ${time}`;
}

function joined(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
}
