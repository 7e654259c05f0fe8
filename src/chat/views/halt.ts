import type { Halt } from '../../release/halt.js';
import type { RunState } from '../../release/run-state.js';
import { instant } from './marks.js';
import { plain } from './plain.js';

/** `⏸️ Everything is stopped by Ana 14 Oct 2025 14:32 UTC: "keys leaked".` */
export function haltLine({ by, reason, at }: Halt): string {
  return `⏸️ Everything is stopped by ${plain(by.name)} ${instant(at)}: "${plain(reason)}".`;
}

/** A halt with the way on: `⏸️ Everything is stopped by …. Next: slipway resume-everything` */
export function heldBack(halt: Halt): string {
  return `${haltLine(halt)} Next: slipway resume-everything`;
}

/** What a halt has found; `elsewhere`: how many more runs are open in rooms that who asks may not know of. */
interface Halted {
  halt: Halt;
  running: readonly { state: RunState; steps: string[] }[];
  held: readonly RunState[];
  elsewhere: number;
}

/** What a halt means, with what a worker had begun: that goes on to its end. */
export function haltedLines({ halt, running, held, elsewhere }: Halted): string[] {
  const name = ({ created }: RunState): string => `${created.project} ${created.version} (${created.run})`;
  return [
    haltLine(halt),
    'No step and no run starts, in no project, until somebody says otherwise.',
    ...running.map(
      ({ state, steps }) =>
        `⏳ ${name(state)} · running: ${steps.join(', ')}. That ends by itself, then it is held.`,
    ),
    ...held.map((state) => `⏸️ ${name(state)} · held`),
    ...(elsewhere === 0 ? [] : [`⏸️ In other rooms: ${elsewhere} · held`]),
    ...(running.length + held.length + elsewhere === 0 ? ['No run is open.'] : []),
    'Next, when the reason is gone: slipway resume-everything',
  ];
}

/** What goes on after a halt was lifted; `waiting`: how much stands in queues. What a person has paused stays paused. */
export function resumedLines(
  halt: Halt,
  { open, elsewhere, waiting }: { open: readonly RunState[]; elsewhere: number; waiting: number },
): string[] {
  const name = ({ created }: RunState): string => `${created.project} ${created.version} (${created.run})`;
  return [
    `Everything goes on. It was stopped by ${plain(halt.by.name)} ${instant(halt.at)}: "${plain(halt.reason)}".`,
    ...open.map((state) =>
      state.paused === undefined
        ? `⏳ ${name(state)} · goes on`
        : `⏸️ ${name(state)} · paused by ${plain(state.paused.by.name)}: "${plain(state.paused.reason)}". Next: slipway resume ${state.created.run}`,
    ),
    ...(waiting === 0 ? [] : [`✋ ${waiting} waiting in queues · start in their turn`]),
    ...(elsewhere === 0 ? [] : [`⏳ In other rooms: ${elsewhere} · goes on`]),
    ...(open.length + elsewhere === 0 ? ['No run is open.'] : []),
  ];
}
