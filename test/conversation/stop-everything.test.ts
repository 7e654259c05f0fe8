import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { verbs } from '../../commands/index.js';
import { answerLeftovers, receive } from '../../src/app/dispatch.js';
import { advance } from '../../src/engine/advance.js';
import { haltAll, haltNow } from '../../src/engine/halt.js';
import { runStep } from '../../src/engine/run-step.js';
import { start } from '../../src/engine/start.js';
import { stepOf } from '../../src/release/run-state.js';
import { stepKinds } from '../../src/steps/index.js';
import type { AnyStepKind } from '../../src/steps/step.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const ana = { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'Ana' } as const;

/** Tags of one version wait until they are let go. */
function holding(version: string): { kinds: AnyStepKind[]; letGo: () => void } {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const kinds = stepKinds.map((kind) =>
    kind.name === 'tag'
      ? {
          ...kind,
          run: async (context: Parameters<AnyStepKind['run']>[0]) => {
            if (context.facts.version === version) await held;
            return kind.run(context);
          },
        }
      : kind,
  );
  return { kinds, letGo: () => letGo() };
}

async function raise(room: Room, from: string, to: string): Promise<void> {
  const file = await room.origin.read('main', 'pyproject.toml');
  await room.origin.commit('main', { 'pyproject.toml': `${file.replace(from, to)}\n` }, `Begin ${to}`);
}

/** A run of a room without workers, up to where its first step is offered. */
async function offered(room: Room): Promise<{ run: string; step: string }> {
  const run = await room.starts('ana', 'release cut');
  await advance(room.engine, run);
  return { run, step: (await room.state(run)).steps[0]?.outline.id ?? '' };
}

describe('stop everything', () => {
  test('holds runs in every state, until somebody lets them go on', async () => {
    const { kinds, letGo } = holding('0.45.0rc1');
    const room = await openRoom({ kinds });
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    const seal = await room.seal(promote);
    await raise(room, '0.44.0', '0.45.0');
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'tag', 'claimed');
    await room.origin.commit('release/kestrel-v0.45.0', { 'NOTES.md': 'fixed\n' });
    expect((await room.says('ben', 'release fixup 0.45.0')).data).toMatchObject({ answer: 'queued' });

    const cat = await room.says('cat', "stop-everything --reason 'just because'");
    expect(cat.exit).toBe(1);
    expect(cat.lines.join(' ')).toContain('Ana and Ben have it');
    const said = await room.says('ben', "stop-everything --reason 'keys leaked'");
    expect(said).toMatchObject({
      exit: 0,
      data: { running: [{ run: cut, steps: ['tag'] }], held: [promote] },
    });
    expect(said.lines.join('\n')).toMatch(/stopped by Ben .* "keys leaked"[^]*running: tag[^]*held/);

    // What was begun ends. What waits behind it keeps its place, and nothing else starts.
    letGo();
    await room.step(cut, 'tag', 'done');
    await advance(room.engine, cut);
    await runStep(room.engine, { run: cut, step: 'announce', attempt: 1 }, new AbortController().signal);
    expect(stepOf(await room.state(cut), 'announce')).toMatchObject({ status: 'todo', attempt: 0 });
    expect((await room.engine.lines.load('kestrel_0.45.0'))?.queue).toHaveLength(1);
    expect((await room.says('ben', `approve ${promote} --seal ${seal}`)).lines[0]).toContain('Approved');
    await advance(room.engine, promote);
    expect(stepOf(await room.state(promote), 'push')).toMatchObject({ status: 'todo', attempt: 0 });
    for (const words of ['release cut', 'release fixup 0.45.0', 'release promote 0.45.0']) {
      const refused = await room.says('ana', words);
      expect(refused.exit).toBe(1);
      expect(refused.lines.join(' ')).toMatch(
        /stopped by Ben: "keys leaked".*Nothing was started.*resume-everything/,
      );
    }

    // Also after a restart, and the first word stands.
    await room.stop();
    await room.start();
    const again = await room.says('ana', "stop-everything --reason 'me too'");
    expect(again.lines[0]).toContain('by Ben');
    const status = (await room.says('ana', 'status')).lines;
    expect(status[0]).toContain('Everything is stopped by Ben');
    expect(status.join('\n')).toContain(`held promote`);
    expect(stepOf(await room.state(promote), 'push')?.attempt).toBe(0);

    expect((await room.says('cat', 'resume-everything')).exit).toBe(1);
    const on = await room.says('ana', 'resume-everything');
    expect(on.exit).toBe(0);
    expect(on.lines.join('\n')).toContain('1 waiting in queues');
    await room.over(promote);
    await room.over(cut);
    await room.over('kestrel_0.45.0_fixup_1');
    expect((await room.says('ana', 'resume-everything')).lines[0]).toContain('Nothing was stopped');
    expect((await room.says('ana', 'verify')).exit).toBe(0);
  });

  test('what a person has paused stays paused afterwards, and a cancelled run can end meanwhile', async () => {
    const room = await openRoom({ workers: 0 });
    const { run } = await offered(room);
    await room.says('ana', `pause ${run} --reason lunch`);
    await room.says('ana', "stop-everything --reason 'wait'");
    const on = await room.says('ana', 'resume-everything');
    expect(on.lines.join('\n')).toContain('paused by Ana: "lunch"');
    await room.says('ana', "stop-everything --reason 'wait again'");
    await room.says('ana', `cancel ${run}`);
    await room.over(run, 'cancelled');
  });

  test('a step that a worker claims in that moment is given back, with nothing done', async () => {
    const room = await openRoom({ workers: 0 });
    const { run, step } = await offered(room);
    const engine = {
      ...room.engine,
      at: async (point: string) => {
        if (point === 'before-claim') await haltAll(room.engine, { by: ana, reason: 'now' });
      },
    };
    const signal = new AbortController().signal;
    await runStep(engine, { run, step, attempt: 1 }, signal);
    const given = stepOf(await room.state(run), step);
    expect(given).toMatchObject({ status: 'interrupted', attempt: 1, intentOpen: false });
    await runStep(room.engine, { run, step, attempt: 2 }, signal);
    expect(stepOf(await room.state(run), step)?.attempt).toBe(1);
    // The lease is free again: it goes on at once.
    await room.says('ana', 'resume-everything');
    await runStep(room.engine, { run, step, attempt: 2 }, signal);
    expect(stepOf(await room.state(run), step)?.status).toBe('done');
  });

  test('a step that a dead worker had claimed is not taken over', async () => {
    const room = await openRoom({ workers: 0 });
    const { run, step } = await offered(room);
    await room.engine.runs.update(run, () => ({
      type: 'step.claimed',
      step,
      attempt: 1,
      worker: 'dead',
    }));
    await room.says('ana', "stop-everything --reason 'now'");
    await runStep(room.engine, { run, step, attempt: 2 }, new AbortController().signal);
    expect(stepOf(await room.state(run), step)).toMatchObject({ attempt: 1, worker: 'dead' });
  });

  test('a run that is admitted in that moment starts nothing', async () => {
    const room = await openRoom();
    const engine = {
      ...room.engine,
      planner: async (...asked: Parameters<typeof room.engine.planner>) => {
        await haltAll(room.engine, { by: ana, reason: 'now' });
        return room.engine.planner(...asked);
      },
    };
    const ask = { request: 'one', project: 'kestrel', operation: 'cut', kind: 'start', inputs: {} } as const;
    const started = await start(engine, { ...ask, target: '0.44.0', by: ana });
    expect(started).toMatchObject({ answer: 'started' });
    await advance(room.engine, 'kestrel_0.44.0_cut_1');
    const state = await room.state('kestrel_0.44.0_cut_1');
    expect(state.steps.every((step) => step.status === 'todo' && step.attempt === 0)).toBe(true);
    await room.says('ana', 'resume-everything');
    await room.over('kestrel_0.44.0_cut_1');
  });

  test('is done after a crash that came before the answer', async () => {
    const room = await openRoom({ workers: 0 });
    const act = { request: 'stop-1', verb: 'stop-everything', args: { reason: 'keys leaked' }, by: ana };
    await receive(room.opened, act);
    await room.stop();
    await room.start();
    await answerLeftovers(room.opened, verbs);
    expect((await haltNow(room.engine))?.reason).toBe('keys leaked');
  });
});
