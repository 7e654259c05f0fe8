import { instant } from './marks.js';
import { plain } from './plain.js';

/** How many lines that hold a commit are named; the rest is counted. */
const most = 6;

interface Where {
  sha: string;
  commit: { subject: string; author: string; date: number } | undefined;
  holders: readonly {
    line: string;
    version: string;
    tag: string;
    isFinal: boolean;
    name: string;
    since: number;
    as: string;
  }[];
  channels: readonly { channel: string; version: string; holds: boolean }[];
  branches: readonly string[];
  after: { tag: string; commits: number; more: boolean } | undefined;
}

/** Where a commit is: released or not, in which candidates, what channels have it. */
export function whereLines(project: string, where: Where): string[] {
  const { sha, commit, holders, channels, branches, after } = where;
  const what =
    commit === undefined
      ? ''
      : ` "${plain(commit.subject)}" · ${plain(commit.author)} ${instant(commit.date)}`;
  const released = holders.filter(({ isFinal }) => isFinal);
  const candidates = holders.filter(({ isFinal }) => !isFinal);
  const on =
    branches.length === 0 ? 'on no branch that is released from' : `on ${branches.map(plain).join(', ')}`;
  const [first, ...later] = released;
  return [
    `${project} ${sha.slice(0, 7)}${what}`,
    ...(first === undefined
      ? []
      : [
          `✅ released · in ${first.version} since ${instant(first.since)}, tag ${plain(first.tag)}${picked(first.as)}${also(later.map(({ version }) => version))}`,
        ]),
    ...candidates
      .slice(-most)
      .map(
        ({ line, version, name, since, as }) =>
          `⏳ ${line} · in ${version} since ${instant(since)}, the line is ${words(name)}${picked(as)}`,
      ),
    ...(holders.length > 0 && first === undefined ? ['Not in any release yet.'] : []),
    ...(holders.length > 0 ? [] : [missing(after, on)]),
    ...channels.map(({ channel, version, holds }) =>
      version === ''
        ? `${channel} serves nothing yet`
        : `${channel} ${holds ? 'has it' : 'does not have it'}: it serves ${plain(version)}`,
    ),
    ...(holders.length > 0 ? [`It is ${on}.`] : []),
  ];
}

function picked(as: string): string {
  return as === '' ? '' : `, picked as ${as.slice(0, 7)}`;
}

function missing(after: Where['after'], on: string): string {
  if (after === undefined) return `Not in any release yet, ${on}.`;
  const number = `${after.more ? 'more than ' : ''}${after.commits} commit${after.commits === 1 ? '' : 's'}`;
  return `Not in any release yet: ${number} after ${plain(after.tag)}, ${on}.`;
}

function also(versions: string[]): string {
  if (versions.length === 0) return '';
  const more = versions.length > most ? ` and ${versions.length - most} more` : '';
  return `; also in ${versions.slice(0, most).join(', ')}${more}`;
}

function words(name: string): string {
  return name === 'none' ? 'not known here' : name.replaceAll('-', ' ');
}
