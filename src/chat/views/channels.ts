import type { Actor } from '../../release/actor.js';
import { pinWords, type Pin } from '../../release/project-state.js';
import { plain } from './plain.js';

/** A channel as status shows it. */
interface Shown {
  project: string;
  channel: string;
  serves: string;
  pin: Pin | undefined;
  problem: string;
}

/** What was pinned: `🔒 kestrel stable · pinned to 0.43.2 by Jonas Weil: "db migration"`. `before`: what it served. */
export function pinnedLines(
  project: string,
  channel: string,
  pin: { version: string; by: Actor; reason: string },
  before: string,
): string[] {
  const from = before === '' || before === pin.version ? '' : ` It served ${plain(before)} before.`;
  return [
    lockLine(project, channel, pin),
    `It was read back.${from} No release moves it. Next, when the reason is gone: slipway unpoint ${channel}`,
  ];
}

/** The line of a pinned channel. */
export function lockLine(
  project: string,
  channel: string,
  pin: Pick<Pin, 'version' | 'by' | 'reason'>,
): string {
  return `🔒 ${project} ${channel} · ${plain(pinWords(pin))}.`;
}

/** What lifting a pin did, and what the channel serves now. */
export function unpinnedLines(
  project: string,
  channel: string,
  done: { lifted: Pin | undefined; serves: string; should: string; why: string },
): string[] {
  const { lifted, serves, should, why } = done;
  const was = lifted === undefined ? 'was not pinned' : `is no longer ${plain(pinWords(lifted))}`;
  const now = `It serves ${plain(serves) || 'nothing'}.`;
  if (why === '') return [`${project} ${channel} ${was}. ${now}`];
  return [
    `${project} ${channel} ${was}. ${now} It should serve ${plain(should)}: ${plain(why)}`,
    `The channel stays where it is. Next: put the archive right, then slipway unpoint ${channel}`,
  ];
}

/** What a channel serves, as status says it: read back, or why it could not be. */
export function channelLine({ project, channel, serves, pin, problem }: Shown): string {
  if (problem !== '') return `⚠️ ${channel} of ${project} · warning: it cannot be read. ${plain(problem)}`;
  const now = plain(serves) || 'nothing yet';
  if (pin !== undefined) {
    const other = serves === pin.version ? '' : ` ⚠️ It serves ${now}: somebody has moved it by hand.`;
    return `${lockLine(project, channel, pin)}${other}`;
  }
  return `${channel}: ${project} ${now}`;
}
