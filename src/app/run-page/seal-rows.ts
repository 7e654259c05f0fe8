import { notCountedWords, questionWord } from '../../chat/views/run-page.js';
import { plain } from '../../chat/views/plain.js';
import { count } from '../../engine/gate.js';
import { shortSeal } from '../../release/canonical.js';
import { sameActor, type Actor } from '../../release/actor.js';
import type { GateState, RunState } from '../../release/run-state.js';
import type { Opened } from '../wire.js';
import type { Recorded } from './journal-rows.js';
import type { SealRow } from './run-page-types.js';

/** Every question of a run with its votes, the newest first: what each vote counts for by the policy of now, and why not. */
export async function sealRows(
  opened: Opened,
  state: RunState,
  events: readonly Recorded[],
): Promise<SealRow[]> {
  const asked = Object.values(state.gates).toSorted((a, b) => b.openedAt - a.openedAt);
  const now = await Promise.all(asked.map((gate) => askedRow(opened, state, gate)));
  return [...now, ...state.voided.toReversed().map((one) => voidRow(one, events))];
}

async function askedRow(opened: Opened, state: RunState, gate: GateState): Promise<SealRow> {
  const row = { ...named(gate.step, gate.seal), state: questionWord(gate) };
  if (gate.decided !== undefined) {
    const { by, outcome } = gate.decided;
    const decisive = (one: Actor): boolean => outcome === 'approved' && by.some((who) => sameActor(who, one));
    return {
      ...row,
      votes: gate.votes.map(({ by: who, at }) => ({
        name: plain(who.name),
        at,
        counts: decisive(who) ? 'counted' : 'not counted',
      })),
    };
  }
  const tally = await count(opened.engine, state, gate);
  const counted = new Set(tally.counted.map(({ id }) => id));
  const votes = await Promise.all(
    gate.votes.map(async ({ by, at }) => {
      const person = await opened.engine.policies.resolve(state.created.project, by);
      const name = person?.name ?? by.name;
      const because = tally.notCounted.find((one) => one.name === by.name || one.name === name)?.because;
      const counts =
        person !== undefined && counted.has(person.id)
          ? 'counts'
          : because === undefined
            ? 'not counted'
            : notCountedWords[because];
      return { name: plain(name), at, counts };
    }),
  );
  const held = (gate.holds ?? []).map(({ by }) => `, held by ${plain(by.name)}`).join('');
  return { ...row, state: `${row.state}, ${tally.counted.length} of ${tally.need}${held}`, votes };
}

function voidRow({ step, seal, changed }: RunState['voided'][number], events: readonly Recorded[]): SealRow {
  const cast = new Map<string, SealRow['votes'][number]>();
  for (const { event, at } of events) {
    if (!('seal' in event) || event.seal !== seal) continue;
    if (event.type === 'vote.cast')
      cast.set(event.by.user, { name: plain(event.by.name), at, counts: 'void, as its question' });
    if (event.type === 'vote.withdrawn') cast.delete(event.by.user);
  }
  const votes = [...cast.values()];
  return { ...named(step, seal), state: `void: ${plain(changed)}`, votes };
}

function named(step: string, seal: string): Pick<SealRow, 'step' | 'short' | 'whole'> {
  return { step, short: shortSeal(seal), whole: seal };
}
