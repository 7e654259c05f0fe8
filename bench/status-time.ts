import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { status } from '../commands/status.js';
import { advance } from '../src/engine/advance.js';
import { journalKeys, newJournalKey, type JournalKeys } from '../src/engine/keys.js';
import { runStep } from '../src/engine/run-step.js';
import { folderRecords } from '../src/services/records/folder.js';
import { approve } from '../src/steps/approve.js';
import { start } from '../src/engine/start.js';
import { bareOpened } from './bare-opened.js';
import { asker, nothing, startRuns } from './plain-engine.js';
import { milliseconds, quantile, type Row } from './row.js';

const long = 1_000;
const short = 10;
const times = 60;

/**
 * How long `status` takes beside a long history against a short one, with one run open, in a process that has read
 * nothing yet (as the command line is). It reads the index of what is open, so that history must not count; a folder
 * of 1,000 entries may cost the kernel a little more than one of 10.
 */
export async function statusRow(folder: string): Promise<Row> {
  const keys = journalKeys(newJournalKey().secret);
  const folders = { long: join(folder, 'long'), short: join(folder, 'short') };
  await makeHistory(folders.long, keys, long);
  await makeHistory(folders.short, keys, short);
  const took = { long: [0], short: [0] };
  for (let n = 0; n < times; n += 1) {
    took.long.push(await statusTime(folders.long, keys));
    took.short.push(await statusTime(folders.short, keys));
  }
  // Without what was put in first, and without the first, which warms the code. The lower quartile: whatever else the
  // machine does only adds.
  const quick = (all: number[]): number => quantile(all.slice(2), 0.25);
  return {
    what: `status beside ${long} finished runs, lower quartile of ${times}`,
    ours: milliseconds(quick(took.long)),
    reference: `${milliseconds(quick(took.short))} beside ${short}`,
    ratio: quick(took.long) / quick(took.short),
    limit: { is: 'at most', ratio: 1.5 },
  };
}

async function statusTime(folder: string, keys: JournalKeys): Promise<number> {
  const opened = await bareOpened(folder, folderRecords(join(folder, 'journal')), { keys });
  const begun = performance.now();
  const { exit, lines } = await status.run({ opened, by: asker, request: 'status' }, {});
  const took = performance.now() - begun;
  if (exit !== 0 || lines.length < 3) throw new Error(lines.join('\n'));
  return took;
}

/** Finished runs, half of them cuts and half what gave up their lines, and one that waits. */
async function makeHistory(folder: string, keys: JournalKeys, runs: number): Promise<void> {
  const records = folderRecords(join(folder, 'journal'));
  const { engine } = await bareOpened(folder, records, { keys, steps: [nothing] });
  const never = new AbortController().signal;
  const finished = new Set<string>();
  await engine.queue.work({
    concurrency: 20,
    advance: async (run) => {
      await advance(engine, run);
      if ((await engine.runs.load(run))?.finished !== undefined) finished.add(run);
    },
    runStep: (job) => runStep(engine, job, never),
  });
  for (const [kind, until] of [['start', runs / 2] as const, ['end', runs] as const]) {
    await startRuns(engine, runs / 2, kind);
    while (finished.size < until) await pause(50);
  }
  await engine.queue.close();
  const last = await bareOpened(folder, records, { keys, steps: [approve] });
  const target = `${runs + 1}.0.0`;
  const started = await start(last.engine, {
    request: target,
    project: 'bench',
    operation: 'cut',
    kind: 'start',
    target,
    inputs: {},
    by: asker,
  });
  if (started.answer !== 'started') throw new Error(`It was ${started.answer}.`);
  await advance(last.engine, started.run);
  await last.engine.queue.close();
}
