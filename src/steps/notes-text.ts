import { plainLine } from './plain-line.js';
import { runOfTrailer } from './trailer.js';

/** A change as the history has it. */
export interface Change {
  commit: string;
  parents: readonly string[];
  subject: string;
  message: string;
}

const groups = [
  ['breaking', 'Breaking'],
  ['new', 'New'],
  ['fixed', 'Fixed'],
  ['other', 'Changed'],
  ['dependencies', 'Dependencies'],
] as const;
type Group = (typeof groups)[number][0];

/** `feat(ui)!: text`; the type decides the group. */
const conventional = /^(?<type>[a-z]{2,20})(?:\([^()]{0,80}\))?(?<mark>!?):\s+(?<text>\S.*)$/i;
const bump = /^(chore|build|fix)\(deps(-dev)?\)|^bump \S+ (from|to) |^update (dependency|module) /i;

/** The title that people gave a merge; the name of a branch alone says little. */
function titleOf({ subject, parents, message }: Change): string {
  if (parents.length < 2) return subject;
  const number = /^Merge pull request (#\d+) /.exec(subject)?.[1];
  const title = message
    .split('\n')
    .slice(1)
    .find((line) => line.trim() !== '');
  if (title === undefined) return subject;
  if (number !== undefined) return `${title} (${number})`;
  return subject.startsWith('Merge ') ? title : subject;
}

function groupOf(title: string, message: string): Group {
  const { type = '', mark = '' } = conventional.exec(title)?.groups ?? {};
  if (mark === '!' || /^BREAKING[ -]CHANGE: /m.test(message)) return 'breaking';
  if (bump.test(title)) return 'dependencies';
  if (type.toLowerCase() === 'feat') return 'new';
  return type.toLowerCase() === 'fix' ? 'fixed' : 'other';
}

function lineOf(title: string): string {
  const text = conventional.exec(title)?.groups?.['text'] ?? title;
  return `- ${plainLine(text)}`;
}

/**
 * Changes as plain text, newest first in each group. `ofPeople`: commits that we cannot have made, whatever they say. Our own version bumps are left out; every text from outside is one line
 * without control or direction-changing characters.
 */
export function notesText(
  changes: readonly Change[],
  project: string,
  ofPeople: ReadonlySet<string> = new Set(),
): { text: string; count: number; bumps: number } {
  const people = changes.filter((one) => ofPeople.has(one.commit) || !isOwnBump(one.message, project));
  const lines = new Map<Group, string[]>();
  for (const change of people) {
    const title = plainLine(titleOf(change), 400);
    const group = groupOf(title, change.message);
    lines.set(group, [...(lines.get(group) ?? []), lineOf(title)]);
  }
  const parts = groups.flatMap(([group, heading]) => {
    const found = lines.get(group);
    return found === undefined ? [] : [`${heading}\n${found.join('\n')}`];
  });
  return {
    text: parts.length === 0 ? 'No changes.' : parts.join('\n\n'),
    count: people.length,
    bumps: changes.length - people.length,
  };
}

/** Whether a commit says that a run of ours made it itself. What it only picked is a change of people, and names where it came from. */
export function isOwnBump(message: string, project: string): boolean {
  return (
    runOfTrailer(message).startsWith(`${project}_`) &&
    !/^\(cherry picked from commit [0-9a-f]{40}\)$/m.test(message)
  );
}
