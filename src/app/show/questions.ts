import { z } from 'zod';
import type { QuestionFacts, RunFacts } from '../../chat/views/run-facts.js';
import { count } from '../../engine/gate.js';
import { readSealed } from '../../engine/read-outputs.js';
import type { Engine } from '../../engine/engine.js';
import type { Sealed } from '../../release/canonical.js';
import { own } from '../../release/own.js';
import type { Plan } from '../../release/plan.js';
import type { GateState, RunState } from '../../release/run-state.js';
import type { Past } from './past.js';

/** The questions of a run with what their seals hold and how their votes stand by the policy of now. */
export async function questionsOf(
  engine: Engine,
  state: RunState,
  { plan, past, channels }: { plan: Plan; past: Past; channels: RunFacts['channels'] },
): Promise<QuestionFacts[]> {
  const standing = Object.values(state.gates).toSorted((a, b) => a.openedAt - b.openedAt);
  const asked = [...past.voided, ...standing.map((gate) => ({ gate, changed: endOf(state, gate) }))];
  return Promise.all(
    asked.map(async ({ gate, changed }): Promise<QuestionFacts> => {
      const sealed = await readSealed(engine, gate.seal);
      return {
        gate,
        sealed,
        tally: await count(engine, state, gate),
        changes: changesIn(sealed),
        moves: movesAfter(plan, gate.step, channels),
        changed,
      };
    }),
  );
}

/** A run that ended while a question was open took the question with it. */
function endOf({ finished }: RunState, { decided }: GateState): string {
  if (finished === undefined || decided !== undefined) return '';
  return finished.reason === '' ? finished.outcome : finished.reason;
}

const Notes = z.object({ text: z.string(), count: z.string(), hash: z.string() });

/** How many changes the notes list, and how many of them as breaking. */
function changesIn({ results }: Sealed): QuestionFacts['changes'] {
  for (const output of Object.values(results)) {
    const notes = Notes.safeParse(output);
    if (!notes.success) continue;
    const breaking = notes.data.text.split('\n\n').find((part) => part.startsWith('Breaking\n')) ?? '';
    return { all: Number(notes.data.count), breaking: breaking.split('\n- ').length - 1 };
  }
  return undefined;
}

const Move = z.object({ move: z.array(z.string()), to: z.string().optional() });

/** What channels will go to when the gate opens. A pinned one stays where it is. */
function movesAfter(
  { steps, version, previous }: Plan,
  gate: string,
  channels: RunFacts['channels'],
): QuestionFacts['moves'] {
  const from = steps.findIndex((step) => step.id === gate);
  const moved = steps.slice(from + 1).flatMap(({ kind, config }) => {
    const read = kind === 'channel' ? Move.safeParse(config).data : undefined;
    return (read?.move ?? []).map((channel) => ({
      channel,
      to: read?.to === undefined ? version : previous,
    }));
  });
  const now = Object.fromEntries(channels.map((one) => [one.channel, one]));
  return moved
    .filter(({ channel }) => own(now, channel)?.pin === undefined)
    .map(({ channel, to }) => ({ channel, from: own(now, channel)?.serves ?? '', to }));
}
