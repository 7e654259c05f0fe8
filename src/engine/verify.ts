import { asSlipwayError } from '../error.js';
import { canonical } from '../release/canonical.js';
import type { Engine } from './engine.js';
import { openIndex } from './open-index.js';

/** What a check of the whole journal found; every problem names its place and what to do. */
export interface Verified {
  runs: number;
  lines: number;
  events: number;
  blobs: number;
  problems: string[];
}

/**
 * Folds every journal from its first record: chain, signatures, legality, the blobs that events name, and whether a fold
 * through the newest snapshot gives the same. Also finds open runs that are missing in the index. Reads only.
 */
export async function verifyJournal(engine: Engine): Promise<Verified> {
  const found: Verified = { runs: 0, lines: 0, events: 0, blobs: 0, problems: [] };
  const open = new Set(await openIndex(engine.records).list('runs'));
  const seen = new Set<string>();
  const checkBlob = async (digest: string): Promise<void> => {
    if (digest === '' || seen.has(digest)) return;
    seen.add(digest);
    await guarded(found, async () => void (await engine.blobs.get(digest)));
  };
  for (const run of await engine.runs.ids()) {
    found.runs += 1;
    await guarded(found, async () => {
      const digests: string[] = [];
      const { state } = await engine.runs.replay(run, (_, event) => {
        found.events += 1;
        if (event.type === 'run.created') digests.push(event.plan);
        if (event.type === 'step.done') digests.push(event.outputs);
        if (event.type === 'gate.opened') digests.push(event.seal);
      });
      for (const digest of digests) await checkBlob(digest);
      if (canonical(await engine.runs.load(run)) !== canonical(state))
        found.problems.push(`A snapshot of ${run} does not fit its journal. Remove snapshots/runs/${run}/.`);
      if (state !== undefined && state.finished === undefined && !open.has(run))
        found.problems.push(`${run} is open and missing in the index open/runs.`);
    });
  }
  for (const line of await engine.lines.ids()) {
    found.lines += 1;
    await guarded(found, async () => {
      const digests: string[] = [];
      const { state } = await engine.lines.replay(line, (_, event) => {
        found.events += 1;
        if (event.type === 'line.admitted') digests.push(event.created);
      });
      for (const digest of digests) await checkBlob(digest);
      if (canonical(await engine.lines.load(line)) !== canonical(state))
        found.problems.push(
          `A snapshot of ${line} does not fit its journal. Remove snapshots/lines/${line}/.`,
        );
    });
  }
  for (const [kind, journal] of [
    ['projects', engine.projects],
    ['installation', engine.halts],
  ] as const) {
    for (const id of await journal.ids()) {
      await guarded(found, async () => {
        const { state } = await journal.replay(id, () => void (found.events += 1));
        if (canonical(await journal.load(id)) !== canonical(state))
          found.problems.push(
            `A snapshot of ${id} does not fit its journal. Remove snapshots/${kind}/${id}/.`,
          );
      });
    }
  }
  found.blobs = seen.size;
  return found;
}

async function guarded(found: Verified, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    const { message, hint } = asSlipwayError(error);
    found.problems.push(`${message} ${hint}`.trim());
  }
}
