import type { Actor } from '../../release/actor.js';
import { command, line, time, type Words } from '../compose.js';
import type { Line, Message } from '../message.js';
import { clip, quoted } from './fit.js';
import { allowedSentence, moment as zoned } from './freeze.js';
import { shortly, stated } from './sentences.js';

/** One line in a room about something that holds for all of it. Times in ms. */
export type RoomLine =
  | {
      is: 'frozen';
      project: string;
      until: number;
      zone: string;
      by: Actor;
      reason: string;
      allows: string[];
    }
  | { is: 'thawed'; project: string; by: Actor | undefined }
  | { is: 'pinned'; project: string; channel: string; version: string; by: Actor; reason: string }
  | { is: 'unpinned'; project: string; channel: string; by: Actor }
  | { is: 'stopped'; by: Actor; reason: string; at: number }
  | { is: 'resumed'; by: Actor };

/** A freeze, a pin or a halt, on or off: one line, and nobody is told. */
export function roomLine(fact: RoomLine): Message {
  const allows = fact.is === 'frozen' && fact.allows.length > 0 ? [line(allowedSentence(fact.allows))] : [];
  return shortly('plain', [lineOf(fact), ...allows]);
}

function lineOf(fact: RoomLine): Line {
  switch (fact.is) {
    case 'frozen':
      return stated(
        'locked',
        fact.project,
        [` until ${dated(fact.until, fact.zone)} by ${by(fact.by)}: ${quoted(fact.reason, 40)}.`],
        'frozen',
      );
    case 'thawed':
      return line(
        `${fact.project} is not frozen any more${fact.by === undefined ? '' : `, by ${by(fact.by)}`}.`,
      );
    case 'pinned':
      return stated(
        'locked',
        `${fact.project} ${fact.channel}`,
        [` to ${fact.version} by ${by(fact.by)}: ${quoted(fact.reason, 40)}.`],
        'pinned',
      );
    case 'unpinned':
      return line(
        `${fact.project} ${fact.channel} is not pinned any more, by ${by(fact.by)}. Releases move it again.`,
      );
    case 'stopped':
      return stated('paused', 'Everything', [
        ` by ${by(fact.by)} `,
        time(fact.at),
        `: ${quoted(fact.reason, 40)}. No step starts. `,
        ...way('resume-everything'),
      ]);
    case 'resumed':
      return line(`Everything goes on, by ${by(fact.by)}.`);
  }
}

const by = ({ name }: Actor): string => clip(name, 40);
const way = (verb: string): Words[] => ['Next: ', command(verb)];
const dated = (at: number, zone: string): string => `${zoned(at, 0, zone)} ${zone}`;
