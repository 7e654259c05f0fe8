import type { LineState } from '../../release/line-state.js';
import type { Refusal } from '../../release/line-table.js';

/** Why a line does not accept an operation, and what to do instead: fact, what did not happen, way on. `nextFree`: the next version that could be cut, or ''. */
export function refusal(
  because: Refusal,
  project: string,
  target: string,
  line: LineState | undefined,
  nextFree: string,
): string[] {
  const name = `${project} ${target}`;
  const newest = line?.version === undefined || line.version === '' ? target : line.version;
  const nothing = 'Nothing was started.';
  switch (because) {
    case 'cut-first':
      return [`${name} has no release line yet.`, `${nothing} Cut it first: slipway release cut`];
    case 'nothing-to-end':
      return [`${name} has no release line to end.`, nothing];
    case 'line-is-open':
      return [
        `${name} is open already, at ${newest}.`,
        `${nothing} Make the next candidate (slipway release fixup), promote it, or abandon it.`,
      ];
    case 'line-has-no-candidate':
      return [`${name} has a branch and no candidate yet.`, `${nothing} Make one: slipway release fixup`];
    case 'candidate-is-on-its-way':
      return [
        `${newest === target ? 'A candidate' : newest} of ${name} is on its way.`,
        `${nothing} Ask again when it is there; slipway status shows it.`,
      ];
    case 'promotion-is-under-way':
      return [
        `${name} is being published, past the point of no return.`,
        `${nothing} Finish it, then fix forward with a hotfix.`,
      ];
    case 'exists':
      return [
        `${name} exists: released by ${line?.ended?.by.name ?? 'somebody'}. A final version is never overwritten.`,
        `${nothing} ${raise(nextFree)}`,
      ];
    case 'burnt':
      return [
        `${name} was abandoned at ${newest} by ${line?.ended?.by.name ?? 'somebody'}; its number is not used again.`,
        `${nothing} ${raise(nextFree)}`,
      ];
    case 'fixup-instead':
      return [`${name} is open.`, `${nothing} Bring the fix in with slipway release fixup.`];
    case 'needs-a-final':
      return [`${name} was never released.`, `${nothing} A hotfix starts from a released version.`];
    case 'line-is-over':
      return [`${name} is over.`, `${nothing} What comes after is a new line.`];
  }
}

/** The way on from a number that is used up: the next one that is free. */
function raise(nextFree: string): string {
  const next = nextFree === '' ? '' : ` to ${nextFree}`;
  return `Raise the version on the default branch${next}, then cut that.`;
}
