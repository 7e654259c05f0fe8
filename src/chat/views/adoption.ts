import type { Adoption, FoundLine } from '../../release/adoption.js';
import { longSeal } from '../../release/canonical.js';
import { plain } from './plain.js';

/** How many names of one sort are shown; the rest is counted. */
const most = 20;

/** What stands on a remote, what would be taken over of it, and how that is confirmed. */
export function adoptionLines(
  project: string,
  looked: Adoption & { hash: string; strange: string[] },
  open: readonly string[],
): string[] {
  const { lines, ambiguous, changed, strange, hash } = looked;
  const promoted = lines.filter(({ settled }) => settled === 'promoted');
  const others = lines.filter(({ settled }) => settled !== 'promoted');
  const opened = open.map((version) => ` --open ${version}`).join('');
  return [
    lines.length === 0
      ? `${project}: nothing to take over. Nothing was changed.`
      : `${project}: ${count(lines.length, 'release line')} made by hand. Nothing was changed.`,
    ...some(promoted.map((line) => `✅ ${line.target} · released, ${place(line)}`)),
    ...some(others.map((line) => `⏳ ${line.target} · ${openWords(line)}, ${place(line)}`)),
    ...some(
      ambiguous.map(
        ({ target, why, mayOpen }) =>
          `⚠️ ${target} · warning: left alone, ${plain(why)}${mayOpen ? `. To have it open: --open ${target}` : ''}`,
      ),
    ),
    ...some(
      changed.map(({ target, what }) => `⚠️ ${target} · warning: ${plain(what)}. Nothing is overwritten`),
    ),
    ...(strange.length === 0
      ? []
      : [`Left alone, no version of ours: ${some(strange.map(plain)).join(', ')}`]),
    ...(lines.length === 0
      ? []
      : [
          'Afterwards these lines are as if Slipway had made them; no number that a tag has is used again.',
          `Next: slipway adopt --project ${project}${opened} --confirm ${longSeal(hash)}`,
        ]),
  ];
}

/** What was taken over. */
export function adoptedLines(project: string, lines: readonly FoundLine[]): string[] {
  const open = lines.filter(({ settled }) => settled !== 'promoted');
  return [
    `${project}: ${count(lines.length, 'release line')} taken over.`,
    ...some(open.map((line) => `⏳ ${line.target} · ${openWords(line)}`)),
    open.length === 0
      ? 'Next: slipway release cut'
      : 'Next: slipway release fixup, promote or abandon; slipway status shows them.',
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function place({ tag, branch, commit }: FoundLine): string {
  const name = tag === '' ? branch : tag;
  return `${plain(name)} at ${commit.slice(0, 7)}`;
}

function openWords({ settled, version, candidate }: FoundLine): string {
  return settled === 'open'
    ? `open at ${version}, ${count(candidate, 'candidate number')} used`
    : 'open, no candidate yet';
}

function some(lines: string[]): string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `… and ${lines.length - most} more`];
}
