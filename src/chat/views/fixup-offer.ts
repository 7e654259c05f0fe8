import type { Actor } from '../../release/actor.js';
import { code, command, line, lines, says, time, type Words } from '../compose.js';
import type { Button, Line, Message } from '../message.js';
import { clip, headline, oneLine } from './fit.js';
import { listed } from './people.js';
import { shortVersion } from './run-words.js';
import { told } from './sentences.js';

/** Changes that were merged after a candidate, and what the next one would do with them. */
export interface OfferFacts {
  project: string;
  /** The release line: `0.44.0`. */
  line: string;
  /** The newest candidate, and the one that would be made: `0.44.0rc1`, `0.44.0rc2`; '' where its name is not known. */
  candidate: string;
  next: string;
  /** Head of the release branch that was looked at: "not now" is about this one. */
  head: string;
  /** How many were merged, and the newest of them. `sha` is whole. */
  count: number;
  commits: { sha: string; subject: string; author: string }[];
  /** The operation that makes the next candidate: `fixup`; undefined: the process has none. */
  operation: string | undefined;
  /** Channels that the next candidate moves. */
  moves: string[];
  /** Who set it aside, and when (ms); undefined: it stands. */
  setAside: { by: Actor; at: number } | undefined;
  /** The candidate that takes them in, or ''. */
  made: string;
}

/** How many of the changes have a line of their own. */
const mostCommits = 8;

/** The offer of a next candidate, one a line; edited when more is merged, and closed when it is answered. */
export function fixupOffer(facts: OfferFacts): Message {
  const { project, line: target, candidate, count, made, setAside, next } = facts;
  const name = `${project} ${target}`;
  const number = `${count} change${count === 1 ? '' : 's'}`;
  if (made !== '')
    return short(name, `${number} taken into ${shortVersion(made, target)}`, 'over', [
      line(
        `${shortVersion(made, target)} takes in what was merged since ${shortVersion(candidate, target)}.`,
      ),
    ]);
  if (setAside !== undefined)
    return short(name, `${number} set aside`, 'over', [line(...asideWords(setAside, facts))]);
  if (count === 0)
    return short(name, `no change left since ${shortVersion(candidate, target)}`, 'over', [
      line('What was merged is not on the release branch any more.'),
    ]);
  const does = next === '' ? 'The next candidate' : shortVersion(next, target);
  const moves = facts.moves.length === 0 ? '' : ` and moves ${listed(facts.moves)}`;
  return told({
    header: headline(name, `${number} merged since ${shortVersion(candidate, target)}`),
    mood: 'people',
    blocks: [
      lines(
        ...facts.commits.slice(0, mostCommits).map(commitLine),
        ...moreLine(facts),
        line(`${does} builds the branch${moves}. Nothing was started.`),
      ),
    ],
    buttons: offerButtons(facts),
  });
}

function short(name: string, state: string, mood: Message['mood'], all: Line[]): Message {
  return told({ header: headline(name, state), mood, blocks: [lines(...all)], buttons: [] });
}

function asideWords({ by, at }: { by: Actor; at: number }, { operation }: OfferFacts): Words[] {
  const still: Words[] = operation === undefined ? [] : [' ', command('release', operation), ' still works.'];
  return [`Set aside by ${clip(by.name, 40)} `, time(at), '.', ...still];
}

function commitLine({ sha, subject, author }: OfferFacts['commits'][number]): Line {
  return line(code(sha.slice(0, 7)), ` ${clip(oneLine(subject), 60)} · ${clip(oneLine(author), 25)}`);
}

function moreLine({ commits, count }: OfferFacts): Line[] {
  const more = count - Math.min(commits.length, mostCommits);
  return more > 0 ? [line(`and ${more} more`)] : [];
}

function offerButtons({ project, line: target, next, operation, head }: OfferFacts): Button[] {
  if (operation === undefined) return [];
  const what = next === '' ? 'a candidate' : shortVersion(next, target);
  return [
    says(
      'next-candidate',
      clip(`Make ${what}`, 24),
      { verb: 'release', args: { operation, version: target, project } },
      { style: 'primary', about: `Make ${what} of ${project} ${target}` },
    ),
    says(
      'not-now',
      'Not now',
      { verb: 'not-now', args: { line: target, project, head } },
      { about: `Set the changes of ${project} ${target} aside` },
    ),
  ];
}
