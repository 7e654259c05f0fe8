import type { LineState } from '../../release/line-state.js';
import type { Refusal } from '../../release/line-table.js';

/**
 * Why a line does not accept an operation, and what to do instead: fact, what did not happen, way on.
 * `nextFree`: the next version that could be cut, or ''; `raise`: what the default branch still says and should, as a
 * sentence, or ''.
 */
export function refusal(
  because: Refusal,
  project: string,
  target: string,
  line: LineState | undefined,
  nextFree: string,
  raise = '',
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
        `${nothing} Make the next candidate (slipway release fixup), promote it, or abandon it.${raise === '' ? '' : ` For the next version: ${raise}`}`,
      ];
    case 'line-has-no-candidate':
      return [`${name} has a branch and no candidate yet.`, `${nothing} Make one: slipway release fixup`];
    case 'candidate-is-on-its-way':
      return [
        `${line?.active?.version ?? 'A candidate'} of ${name} is on its way.`,
        `${nothing} Ask again when it is there; slipway status shows it.`,
      ];
    case 'first-run-stopped':
      return [
        `The first run of ${name} stopped before it was through.`,
        `${nothing} Go on with it: ${stoppedWayOn(target, line)}. Or give the line up: abandon.`,
      ];
    case 'promotion-is-under-way':
      return [
        `${name} is being published, past the point of no return.`,
        `${nothing} Finish it, then fix forward with a hotfix.`,
      ];
    case 'exists':
      return [
        `${name} exists: released by ${releaser(line)}. A final version is never overwritten.`,
        `${nothing} ${wayOn(nextFree, raise)}`,
      ];
    case 'burnt':
      return [
        `${name} was abandoned${newest === target ? '' : ` at ${newest}`} by ${line?.ended?.by.name ?? 'somebody'}; its number is not used again.`,
        `${nothing} ${wayOn(nextFree, raise)}`,
      ];
    case 'fixup-instead':
      return [`${name} is open.`, `${nothing} Bring the fix in with slipway release fixup.`];
    case 'needs-a-final':
      return [`${name} was never released.`, `${nothing} A hotfix starts from a released version.`];
    case 'line-is-over':
      return [`${name} is over.`, `${nothing} What comes after is a new line.`];
  }
}

/** What goes on with a first run that stopped: what began the line, by its name. */
export function stoppedWayOn(target: string, line: LineState | undefined): string {
  return `slipway release ${Object.keys(line?.runs ?? {})[0] ?? 'cut'} ${target}`;
}

/** The way on from a number that is used up: the next one that is free. */
function wayOn(nextFree: string, raise: string): string {
  if (raise !== '') return `${raise} Then cut that.`;
  const next = nextFree === '' ? '' : ` to ${nextFree}`;
  return `Raise the version on the default branch${next}, then cut that.`;
}

/** Who released a line: in its last run, or by hand, as somebody confirmed. */
function releaser(line: LineState | undefined): string {
  if (line?.ended !== undefined) return line.ended.by.name;
  return line?.adopted === undefined ? 'somebody' : 'hand, before Slipway came';
}
