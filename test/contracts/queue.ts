import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Queue, QueueHandlers, QueueWorker, StepJob } from '../../src/engine/ports/queue.js';

/** The times, in ms, that the suite sets short or long. They mean the same for every implementation. */
export interface QueueTimes {
  sweepEveryMs: number;
  sweepAgainMs: number;
  retryFirstMs: number;
  retryCapMs: number;
}

/** Makes an empty queue with these times. */
export type OpenQueue = (times: QueueTimes) => Promise<Queue>;

const times: QueueTimes = { sweepEveryMs: 20, sweepAgainMs: 60_000, retryFirstMs: 10, retryCapMs: 20 };
const step: StepJob = { run: 'demo_1.2.3_cut_1', step: 'build', attempt: 1 };

/** Something that a test lets happen when it wants. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** What every queue must do. */
export function queueContract(name: string, open: OpenQueue): void {
  describe(`${name}: the contract of a queue`, () => {
    let queue: Queue;
    const use = async (own: Partial<QueueTimes> = {}): Promise<Queue> => {
      queue = await open({ ...times, ...own });
      return queue;
    };
    beforeEach(async () => void (await use()));
    afterEach(() => queue.close());

    const work = (handlers: Partial<QueueHandlers>): Promise<QueueWorker> =>
      queue.work({ concurrency: 1, ...handlers });

    /** A consumer of one job at a time that notes what it did; `passed` resolves when all before it was done. */
    async function counting(act: (run: string) => Promise<void> = async () => undefined) {
      const runs: string[] = [];
      let fences = 0;
      const worker = await work({
        advance: async (run) => {
          runs.push(run);
          await act(run);
        },
      });
      return {
        worker,
        runs,
        of: (run: string) => runs.filter((each) => each === run).length,
        // Twice: what one job leaves behind when it ends comes after the first fence at the latest.
        passed: async () => {
          for (const fence of [`fence_${(fences += 1)}`, `fence_${(fences += 1)}`]) {
            await queue.wake(fence);
            await vi.waitFor(() => expect(runs).toContain(fence), { timeout: 10_000, interval: 5 });
          }
        },
      };
    }

    it('has a name for the banner', () => expect(queue.name).not.toBe(''));

    it('makes one of many wake-ups that wait', async () => {
      for (let n = 0; n < 5; n += 1) await queue.wake('r');
      const seen = await counting();
      await seen.passed();
      expect(seen.of('r')).toBe(1);
    });

    it('makes exactly one more of 100 wake-ups while one is active', async () => {
      const first = gate();
      const seen = await counting((run) => (run === 'r' ? first.opened : Promise.resolve()));
      await queue.wake('r');
      await vi.waitFor(() => expect(seen.of('r')).toBe(1), { interval: 5 });
      await Promise.all(Array.from({ length: 100 }, () => queue.wake('r')));
      first.open();
      await seen.passed();
      expect(seen.of('r')).toBe(2);
    });

    it('never advances one run twice at once', async () => {
      let now = 0;
      let most = 0;
      let calls = 0;
      const advance = async (): Promise<void> => {
        calls += 1;
        now += 1;
        most = Math.max(most, now);
        await queue.wake('r');
        now -= 1;
      };
      const workers = [await work({ advance, concurrency: 5 }), await work({ advance, concurrency: 5 })];
      await queue.wake('r');
      await vi.waitFor(() => expect(calls).toBeGreaterThan(20), { timeout: 10_000, interval: 5 });
      await Promise.all(workers.map((worker) => worker.close()));
      expect(most).toBe(1);
    });

    it('advances different runs side by side', async () => {
      const both = gate();
      const active = new Set<string>();
      await work({
        concurrency: 2,
        advance: async (run) => {
          active.add(run);
          if (active.size === 2) both.open();
          await both.opened;
        },
      });
      await Promise.all([queue.wake('a'), queue.wake('b')]);
      await both.opened;
      expect([...active].sort()).toEqual(['a', 'b']);
    });

    it('makes one job of an attempt that is offered twice, waiting or active', async () => {
      const jobs: StepJob[] = [];
      const first = gate();
      await queue.offer(step);
      await queue.offer(step);
      await work({
        runStep: async (job) => {
          jobs.push(job);
          if (job.step === step.step) await first.opened;
        },
      });
      await vi.waitFor(() => expect(jobs).toEqual([step]), { interval: 5 });
      await queue.offer(step);
      const last = { ...step, step: 'last' };
      await queue.offer(last);
      first.open();
      await vi.waitFor(() => expect(jobs).toContainEqual(last), { interval: 5 });
      expect(jobs).toEqual([step, last]);
    });

    it('tells attempts, steps and runs apart, and hands over what it got', async () => {
      const offered = [
        step,
        { ...step, attempt: 2 },
        { ...step, step: 'test:linux/arm64' },
        { ...step, step: 'test%3Alinux/arm64' },
        { ...step, run: 'other:a:b_1' },
      ];
      for (const job of offered) await queue.offer(job);
      const jobs: StepJob[] = [];
      await work({ runStep: async (job) => void jobs.push(job) });
      await vi.waitFor(() => expect(jobs).toHaveLength(offered.length), { interval: 5 });
      expect(jobs).toEqual(offered);
    });

    it('takes an attempt again after it was done', async () => {
      let calls = 0;
      await work({ runStep: async () => void (calls += 1) });
      await queue.offer(step);
      await vi.waitFor(() => expect(calls).toBe(1), { interval: 5 });
      // Done is a moment after the handler returned.
      await vi.waitFor(
        async () => {
          await queue.offer(step);
          expect(calls).toBeGreaterThan(1);
        },
        { interval: 5 },
      );
    });

    it('calls again after a throw, as often as it takes', async () => {
      let steps = 0;
      const seen = await counting(async (run) => {
        if (run === 'r' && seen.of('r') < 4) throw new Error('not yet');
      });
      await work({
        runStep: async () => {
          steps += 1;
          if (steps < 4) throw Object.assign(new Error('not yet'), { name: 'UnrecoverableError' });
        },
      });
      await Promise.all([queue.wake('r'), queue.offer(step)]);
      await vi.waitFor(() => expect([seen.of('r'), steps]).toEqual([4, 4]), { interval: 5 });
      await seen.passed();
      expect(seen.of('r')).toBe(4);
    });

    it('lets a wake-up pull forward what rests after a throw', async () => {
      await queue.close();
      await use({ retryFirstMs: 3_600_000, retryCapMs: 3_600_000 });
      const seen = await counting(async (run) => {
        if (run === 'r' && seen.of('r') === 1) throw new Error('not yet');
      });
      await queue.wake('r');
      await seen.passed();
      expect(seen.of('r')).toBe(1);
      await queue.wake('r');
      await vi.waitFor(() => expect(seen.of('r')).toBe(2), { timeout: 10_000, interval: 5 });
    });

    it('wakes at once what is due in the past, and once only', async () => {
      const seen = await counting();
      await queue.due('r', Date.now() - 60_000);
      await vi.waitFor(() => expect(seen.of('r')).toBe(1), { interval: 5 });
      await seen.passed();
      expect(seen.of('r')).toBe(1);
    });

    it('wakes at the set time, also what was set before anybody worked', async () => {
      const at = Date.now() + 150;
      await queue.due('r', at);
      const seen = await counting();
      await vi.waitFor(() => expect(seen.of('r')).toBe(1), { interval: 5 });
      expect(Date.now()).toBeGreaterThanOrEqual(at);
    });

    it('forgets a time that was cleared or replaced', async () => {
      const seen = await counting();
      const soon = Date.now() + 100;
      await Promise.all([
        queue.due('cleared', soon),
        queue.due('later', soon),
        queue.due('sooner', soon + 3_600_000),
      ]);
      await Promise.all([queue.due('cleared', undefined), queue.due('later', soon + 3_600_000)]);
      await queue.due('sooner', soon + 50);
      await vi.waitFor(() => expect(seen.of('sooner')).toBe(1), { interval: 5 });
      await seen.passed();
      expect([seen.of('cleared'), seen.of('later')]).toEqual([0, 0]);
    });

    it('keeps the set time when it is woken early', async () => {
      const seen = await counting();
      await queue.due('r', Date.now() + 200);
      await queue.wake('r');
      await vi.waitFor(() => expect(seen.of('r')).toBe(1), { interval: 5 });
      await vi.waitFor(() => expect(seen.of('r')).toBe(2), { interval: 5 });
    });

    it('wakes again what was due when nobody set the next time', async () => {
      await queue.close();
      await use({ sweepAgainMs: 50 });
      const seen = await counting();
      await queue.due('r', Date.now());
      await vi.waitFor(() => expect(seen.of('r')).toBeGreaterThan(2), { interval: 5 });
    });

    it('sweeps and advances only where advance is consumed', async () => {
      let steps = 0;
      await work({ runStep: async () => void (steps += 1) });
      await Promise.all([queue.wake('r'), queue.due('s', Date.now() + 10), queue.offer(step)]);
      await vi.waitFor(() => expect(steps).toBe(1), { interval: 5 });
      const seen = await counting();
      await vi.waitFor(() => expect(seen.runs.toSorted()).toEqual(['r', 's']), { interval: 5 });
    });

    it('waits for what is active when a worker closes, and takes nothing new', async () => {
      const first = gate();
      let isDone = false;
      const seen = await counting(async (run) => {
        if (run !== 'r') return;
        await first.opened;
        isDone = true;
      });
      await queue.wake('r');
      await vi.waitFor(() => expect(seen.of('r')).toBe(1), { interval: 5 });
      const closed = seen.worker.close().then(() => isDone);
      await queue.wake('next');
      first.open();
      expect(await closed).toBe(true);
      expect(seen.of('next')).toBe(0);
      const another = await counting();
      await vi.waitFor(() => expect(another.of('next')).toBe(1), { interval: 5 });
    });

    it('remembers', async () => expect(await queue.remembers()).toBe(true));

    it('refuses calls after it was closed', async () => {
      await queue.close();
      await expect(queue.wake('r')).rejects.toMatchObject({ code: 'queue-unreachable' });
      await use();
    });
  });
}
