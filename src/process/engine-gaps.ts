import type { Json } from '../release/plan.js';
import { settingOf } from './effects.js';
import type { Operation, Process, StepSpec } from './process-file.js';
import { textsIn } from './settings.js';

/** Something that the format knows and this Slipway cannot run yet. */
export interface EngineGap {
  operation: string;
  /** For people: `the step kind "package"`. */
  what: string;
  /** `promote.pypi` of a step, `promote` of the operation itself. */
  path: string;
}

/** Settings that the format knows and no implementation reads yet, by kind, and which of their values that is so for. */
export const settingGaps: Readonly<Record<string, Readonly<Record<string, (value: Json) => boolean>>>> = {
  approve: { show: isGiven },
  channel: { to: (value) => value !== 'stable' },
  notes: {
    since: (value) => value === 'candidate',
    template: isGiven,
    sections: isGiven,
    edit: (value) => value === true,
  },
  run: { tools: isGiven, resources: isGiven, expect: isGiven, fallback: isGiven },
};

function isGiven(value: Json): boolean {
  return !Array.isArray(value) || value.length > 0;
}

/**
 * What this Slipway cannot run yet of the operations of a process; [] of what it runs in full. Who starts an operation with
 * gaps is refused, with their names.
 * @param implemented the step kinds that the engine has
 */
export function engineGaps(
  process: Pick<Process, 'operations'>,
  implemented: ReadonlySet<string>,
): EngineGap[] {
  return Object.values(process.operations).flatMap((operation) => [
    ...operationGaps
      .filter(({ is }) => is(operation))
      .map(({ what }) => ({ operation: operation.name, what, path: operation.name })),
    ...operation.steps.flatMap((step) =>
      gapsOfStep(step, implemented).map((what) => ({
        operation: operation.name,
        what,
        path: `${operation.name}.${step.id}`,
      })),
    ),
  ]);
}

/** What starts operations by itself, which this Slipway does not watch yet; people can start them all the same. */
export function triggerGaps(process: Pick<Process, 'operations'>): EngineGap[] {
  return Object.values(process.operations).flatMap(({ name, on }) =>
    on === undefined
      ? []
      : Object.keys(on)
          .filter((key) => key !== 'then')
          .map((key) => ({ operation: name, what: `the trigger "${key}"`, path: name })),
  );
}

/** What an operation can ask for and this Slipway cannot do yet, in words and as a test. */
export const operationGaps: readonly { what: string; is: (operation: Operation) => boolean }[] = [
  { what: '"line: new -> final"', is: ({ line }) => line === 'new -> final' },
  { what: '"line: new|open -> final"', is: ({ line }) => line === 'new|open -> final' },
  { what: 'several series', is: ({ series }) => series.length > 1 },
  { what: 'a series beside the main one', is: ({ series }) => series.length === 1 && series[0] !== 'main' },
  { what: '"from: line-branch"', is: ({ from }) => from === 'line-branch' },
  { what: '"from: advisory-branch"', is: ({ from }) => from === 'advisory-branch' },
  { what: '"private-until"', is: ({ privateUntil }) => privateUntil !== undefined },
];

/** What any step can ask for and this Slipway cannot do yet. */
export const stepGaps: readonly { what: string; is: (step: StepSpec) => boolean }[] = [
  { what: '"runs-on"', is: ({ runsOn }) => runsOn !== 'default' },
  { what: '"at-once"', is: ({ atOnce }) => atOnce !== undefined },
  { what: '"once"', is: ({ once }) => once === true },
  { what: '"always"', is: ({ always }) => always === true },
  {
    what: '"{run-url}"',
    is: ({ settings }) => textsIn(settings).some(({ text }) => text.includes('{run-url}')),
  },
];

function gapsOfStep(step: StepSpec, implemented: ReadonlySet<string>): string[] {
  const gaps: string[] = [];
  if (!implemented.has(step.kind))
    gaps.push(step.kind === 'shell' ? '"shell"' : `the step kind "${step.kind}"`);
  gaps.push(...stepGaps.filter(({ is }) => is(step)).map(({ what }) => what));
  for (const [key, isGap] of Object.entries(settingGaps[step.kind] ?? {})) {
    const value = settingOf(step.settings, key);
    if (value === undefined || !isGap(value)) continue;
    const shown = typeof value === 'string' ? `"${key}: ${value}"` : `"${key}"`;
    gaps.push(`${shown} of "${step.kind}"`);
  }
  return gaps;
}
