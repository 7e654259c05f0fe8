import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import type { Halt } from '../release/halt.js';
import type { Engine } from './engine.js';

/** An installation has one journal of this kind. */
const id = 'all';

/** The halt that stands now, if any. Who cannot read it must start nothing. @throws SlipwayError journal-damaged | journal-unreachable */
export async function haltNow(engine: Pick<Engine, 'halts'>): Promise<Halt | undefined> {
  return (await engine.halts.load(id))?.halted;
}

/**
 * Stops everything: once this returns no step of any run starts, and no run. What a worker had claimed before goes on to
 * its end. Said twice, the first halt stands.
 */
export async function haltAll(engine: Engine, ask: { by: Actor; reason: string }): Promise<Halt> {
  const { state } = await engine.halts.update(id, (now) =>
    now?.halted === undefined ? { type: 'halted', ...ask } : undefined,
  );
  if (state?.halted === undefined) throw new SlipwayError('internal', 'The halt was not recorded.');
  return state.halted;
}

/** Lifts the halt; false when there was none. What is open must be woken afterwards. */
export async function resumeAll(engine: Engine, by: Actor): Promise<boolean> {
  const { written } = await engine.halts.update(id, (now) =>
    now?.halted === undefined ? undefined : { type: 'resumed', by },
  );
  return written;
}

/** Refuses to start anything while everything is stopped. @throws SlipwayError refused */
export async function requireNoHalt(engine: Pick<Engine, 'halts'>): Promise<void> {
  const halt = await haltNow(engine);
  if (halt === undefined) return;
  throw new SlipwayError('refused', `Everything is stopped by ${halt.by.name}: "${halt.reason}".`, {
    hint: 'Nothing was started. Next, when the reason is gone: slipway resume-everything',
  });
}
