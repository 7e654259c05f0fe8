import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { advance } from '../../src/engine/advance.js';
import { expelWorker } from '../../src/engine/expel.js';
import { openIndex } from '../../src/engine/open-index.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { runStep } from '../../src/engine/run-step.js';
import { verifyJournal } from '../../src/engine/verify.js';
import { stepOf } from '../../src/release/run-state.js';
import { removeSandboxes } from '../conversation/room.js';
import { until } from '../conversation/until.js';
import { openCrew, type Crew } from './crew.js';

let crew: Crew;
afterEach(() => crew.close());
afterAll(removeSandboxes);

const announce = { uses: 'announce', to: ['eng-process'], text: 'done' };
const six = [
  { uses: 'put', id: 'put-1' },
  { uses: 'post', id: 'post-1' },
  { together: ['a', 'b', 'c'].map((id) => ({ uses: 'post', id: `post-${id}` })) },
  { uses: 'branch' },
  { uses: 'put', id: 'put-2' },
  announce,
];

async function healthy(): Promise<void> {
  const [bot] = crew.bots;
  if (bot === undefined) throw new Error('no bot');
  const found = await verifyJournal(await crew.another());
  expect(found.problems).toEqual([]);
  expect(bot.worker).not.toBe(crew.workers[0]?.worker);
}

describe('several processes over one folder', () => {
  test('two bots and three workers do everything once', async () => {
    crew = await openCrew({ steps: six, bots: 2, workers: 3 });
    await crew.work();
    const events = await crew.done(await crew.cut());
    expect([...crew.outside.sent.values()]).toEqual([1, 1, 1, 1, 1, 1]);
    expect(events.filter((event) => event.type === 'step.done')).toHaveLength(8);
    await healthy();
  });

  test('also when every job is delivered to three of them at the same moment', async () => {
    crew = await openCrew({ steps: six, bots: 2, workers: 3 });
    await crew.work(3);
    const events = await crew.done(await crew.cut());
    expect([...crew.outside.sent.values()]).toEqual([1, 1, 1, 1, 1, 1]);
    expect(events.filter((event) => event.type === 'step.claimed')).toHaveLength(8);
    expect(events.filter((event) => event.type === 'run.finished')).toHaveLength(1);
    await healthy();
  });

  test('also when the clocks of bots and workers are ten minutes apart', async () => {
    crew = await openCrew({
      steps: six,
      bots: 2,
      workers: 3,
      aheadMs: { bots: -600_000, workers: 600_000 },
    });
    await crew.work();
    const run = await crew.cut();
    await crew.done(run);
    expect([...crew.outside.sent.values()]).toEqual([1, 1, 1, 1, 1, 1]);
    const times: number[] = [];
    await crew.bots[0]?.runs.replay(run, ({ envelope }) => void times.push(Date.parse(envelope.at)));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await healthy();
  });
});

describe('who is too late', () => {
  test('a lease that is lost before a searched effect: nothing is sent, and it is made once later', async () => {
    crew = await openCrew({ steps: [{ uses: 'post' }, announce], workers: 1, settings: { leaseMs: 1_500 } });
    const run = 'kestrel_0.44.0_cut_1';
    crew.outside.before = async (_, turn) => {
      if (turn > 1) return;
      const [worker] = crew.workers;
      await crew.leases.expel(`${run}_post`, worker?.worker ?? '');
      expect(await crew.leases.take(`${run}_post`, 'somebody-else', 300)).toBe(true);
    };
    await crew.work();
    expect(await crew.cut()).toBe(run);
    const events = await crew.done(run);
    const own = events.filter((event) => 'step' in event && event.step === 'post').map((event) => event.type);
    expect(own.slice(0, 3)).toEqual(['step.claimed', 'step.intent', 'step.interrupted']);
    expect(events.find((event) => event.type === 'step.interrupted')).toMatchObject({ sent: false });
    expect(crew.outside.sent.get('post')).toBe(1);
    await healthy();
  });

  test('a claim that is lost: what the late one writes is refused', async () => {
    crew = await openCrew({ steps: [{ uses: 'put' }, announce], workers: 2, settings: { leaseMs: 1_500 } });
    const run = 'kestrel_0.44.0_cut_1';
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    crew.outside.before = (step, turn) => (step === 'put' && turn === 1 ? held : Promise.resolve());
    await crew.work();
    await crew.cut();
    const state = await crew.until(run, (now) => stepOf(now, 'put')?.intentOpen === true);
    const late = stepOf(state, 'put')?.worker ?? '';
    const [bot] = crew.bots;
    if (bot === undefined) throw new Error('no bot');
    expect(await expelWorker(bot, late)).toEqual([{ run, step: 'put' }]);
    const events = await crew.done(run);
    const before = events.length;
    go();
    await until('the late one has noticed', () => crew.warnings.some((line) => line.includes('taken over')));
    const done = events.filter((event) => event.type === 'step.done' && event.step === 'put');
    expect(done).toMatchObject([{ attempt: 2 }]);
    expect((await crew.done(run)).length).toBe(before);
    expect(crew.outside.sent.get('put')).toBe(1);
    await healthy();
  });

  test('a job that is out of date does nothing', async () => {
    crew = await openCrew({ steps: [{ uses: 'put' }, announce] });
    await crew.work();
    const run = await crew.cut();
    const before = await crew.done(run);
    const [worker] = crew.workers;
    const [bot] = crew.bots;
    if (worker === undefined || bot === undefined) throw new Error('no crew');
    for (const attempt of [1, 2, 7]) {
      for (const step of ['put', 'announce', 'no-such-step'])
        await runStep(worker, { run, step, attempt }, new AbortController().signal);
      await runStep(
        worker,
        { run: 'kestrel_9.9.9_cut_1', step: 'put', attempt },
        new AbortController().signal,
      );
      await advance(bot, run);
      await advance(bot, 'kestrel_9.9.9_cut_1');
    }
    expect(await crew.done(run)).toHaveLength(before.length);
  });
});

describe('the index and the queue can be lost', () => {
  test('an open run that is missing in the index is found by verify, and brought back by a start', async () => {
    crew = await openCrew({ steps: six });
    const run = await crew.cut(); // nobody works yet
    const [bot] = crew.bots;
    if (bot === undefined) throw new Error('no bot');
    await openIndex(bot.records).remove('runs', run);
    expect((await verifyJournal(bot)).problems).toEqual([
      `${run} is open and missing in the index open/runs.`,
    ]);
    await crew.work();
    await reconcile(bot);
    await crew.done(run);
    await healthy();
  });

  test('an entry of a run that never was goes', async () => {
    crew = await openCrew({ steps: six });
    const run = await crew.cut();
    const [bot] = crew.bots;
    if (bot === undefined) throw new Error('no bot');
    await openIndex(bot.records).add('runs', 'kestrel_0.44.0_cut_9');
    const { leftAlone } = await reconcile(bot);
    expect(leftAlone).toEqual([]);
    expect(await openIndex(bot.records).list('runs')).toEqual([run]);
  });

  test('a queue that forgot everything: the next start goes on where the journal stands', async () => {
    crew = await openCrew({
      steps: [{ uses: 'put' }, { uses: 'wait', for: '1s' }, { uses: 'post' }, announce],
    });
    await crew.work();
    const run = await crew.cut();
    await crew.until(run, (state) => stepOf(state, 'wait')?.status === 'waiting');
    await crew.queue.close(); // with all that it knew
    const bot = await crew.another();
    await bot.queue.work({
      advance: (id) => advance(bot, id),
      runStep: (job) => runStep(bot, job, new AbortController().signal),
      concurrency: 2,
    });
    expect(await reconcile(bot)).toMatchObject({ runs: 1, leftAlone: [] });
    await crew.done(run);
    expect([...crew.outside.sent.values()]).toEqual([1, 1]);
  });
});
