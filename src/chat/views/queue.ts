import { goes, line, says } from '../compose.js';
import { boardMarker } from '../markers.js';
import type { Message } from '../message.js';
import { clip, oneLine } from './fit.js';
import { shortly } from './sentences.js';

/** An operation that waits for its turn. */
export interface QueuedFacts {
  project: string;
  /** The release line: `0.44.0`. */
  line: string;
  operation: string;
  /** What it is called in the queue: the button takes out this one, also when others of its kind wait. */
  entry: string;
  /** 1 is next. */
  position: number;
  /** The run that is on its way; undefined: none that is known. */
  active:
    { run: string; by: string; operation: string; version: string; step: number; of: number } | undefined;
  /** The room of the project's boards; undefined: who asked cannot see it. */
  room: string | undefined;
}

/** What somebody alone reads whose operation waits: who is busy, his place, the way out. */
export function queuedAnswer({
  project,
  line: target,
  operation,
  entry,
  position,
  active,
  room,
}: QueuedFacts): Message {
  const busy =
    active === undefined
      ? `${project} is busy.`
      : `${project} is busy: ${clip(active.by, 40)}, ${active.operation} ${active.version}, step ${active.step} of ${active.of}.`;
  const place = position === 1 ? 'next' : ordinal(position);
  return shortly(
    'over',
    [line(`${busy} Your ${operation} is ${place} and starts by itself.`)],
    [
      ...(active === undefined || room === undefined
        ? []
        : [goes('board', 'Open the board', { to: 'message', room, marker: boardMarker(active.run) })]),
      says(
        'leave-queue',
        'Leave the queue',
        { verb: 'leave-queue', args: { project, line: target, operation, entry } },
        { about: `Take ${operation} of ${project} ${target} out of the queue` },
      ),
    ],
  );
}

/** What somebody alone reads whose operation left the queue and was not started. `why`: a sentence. */
export function leftQueue({
  project,
  line: target,
  operation,
  why,
}: {
  project: string;
  /** The release line: `0.44.0`. */
  line: string;
  operation: string;
  why: string;
}): Message {
  const end = /[.?!]$/.test(why) ? '' : '.';
  return shortly('over', [
    line(`Your ${operation} of ${project} ${target} left the queue. Nothing was started.`),
    line(`${oneLine(why)}${end}`),
  ]);
}

/** `2nd`, `3rd`, `11th` */
function ordinal(number: number): string {
  const ten = number % 100;
  const end = ten > 10 && ten < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${end}`;
}
