import { plain } from './plain.js';

/** What a freeze says to who would start something. Times in ms since the epoch. */
export interface FrozenView {
  project: string;
  /** Why: the name of the freeze in slipway.yaml, or the reason of who said it. */
  name: string;
  /** Who said it; '' for one of slipway.yaml. */
  by: string;
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
  const { allowed, except, needsReason } = view;
  const exception = needsReason
    ? ' You may start it all the same: add --reason "…".'
    : except.length > 0
      ? ` An exception is for ${joined(except, 'or')}, with a reason.`
      : '';
  return {
    message: frozenLine(view),
    hint: `Nothing was started. ${allowedSentence(allowed)}${exception}`,
  };
}

/** `🔒 kestrel · frozen until Mon 09:00 Europe/Berlin by Jonas Weil: "quarter end".` */
export function frozenLine(
  view: Pick<FrozenView, 'project' | 'name' | 'by' | 'until' | 'now' | 'zone'>,
): string {
  const until = `${moment(view.until, view.now, view.zone)} ${view.zone}`;
  const by = view.by === '' ? '' : ` by ${plain(view.by)}`;
  return `🔒 ${view.project} · frozen until ${until}${by}: "${plain(view.name)}".`;
}

/** What may be started all the same: `cut and fixup are allowed.` */
export function allowedSentence(allowed: readonly string[]): string {
  if (allowed.length === 0) return 'No operation is allowed.';
  return `${joined(allowed)} ${allowed.length === 1 ? 'is' : 'are'} allowed.`;
}

/** What somebody reads who has frozen a project. */
export function frozenLines(view: Parameters<typeof frozenLine>[0], allowed: readonly string[]): string[] {
  return [frozenLine(view), `Nothing was stopped: what runs goes on. ${allowedSentence(allowed)}`];
}

/** What somebody reads who has lifted a freeze. `reason`: of the one that was lifted; `held`: what still holds. */
export function thawedLines(project: string, reason: string | undefined, held: readonly string[]): string[] {
  const first =
    reason === undefined
      ? `${project} was not frozen by anybody. Nothing was changed.`
      : `${project} is not frozen any more: "${plain(reason)}" was lifted. What waits in its queues starts by itself.`;
  const still = held.map((name) => `"${plain(name)}" of slipway.yaml still holds.`);
  return [first, ...still];
}

const week = 7 * 24 * 3_600_000;

/** A moment as the clocks of a place show it: `Mon 09:00` within a week, else with the date. */
export function moment(ms: number, now: number, zone: string): string {
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
