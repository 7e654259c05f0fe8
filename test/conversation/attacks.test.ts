import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { verbs } from '../../commands/index.js';
import { answerLeftovers } from '../../src/app/dispatch.js';
import { openInbox } from '../../src/app/inbox.js';
import { loadStep } from '../../src/engine/step-context.js';
import { openLog } from '../../src/engine/logs.js';
import { sha256 } from '../../src/release/canonical.js';
import { stepOf, type RunState } from '../../src/release/run-state.js';
import { builtArtifact, newestCommit } from '../../src/steps/outputs.js';
import { stepKinds } from '../../src/steps/index.js';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';
const candidate = 'refs/tags/kestrel-v0.44.0rc1';

describe('whoever may push', () => {
  test('cannot move the candidate tag and have something else promoted', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const good = (await room.origin.refs())[candidate] ?? '';
    const evil = await room.origin.commit(branch, { 'backdoor.mjs': 'evil();\n' }, 'Small fix');
    await room.origin.point(candidate, evil);
    const moved = await room.says('ana', 'release promote');
    expect(moved).toMatchObject({ exit: 1 });
    expect(moved.lines[0]).toContain(`has moved to ${evil.slice(0, 7)} since 0.44.0rc1`);

    // The branch is put back; the tag still lies.
    await room.origin.point(`refs/heads/${branch}`, `${good}^{commit}`);
    const lying = await room.says('ana', 'release promote');
    expect(lying).toMatchObject({ exit: 1 });
    expect(lying.lines.join(' ')).toContain('was built from');
  });

  test('cannot pass a commit off as ours with our trailer', async () => {
    let foreign = '';
    const push = async (): Promise<void> => {
      const file = await room.origin.read('main', 'pyproject.toml');
      const bumped = file.replace('version = "0.44.0"', 'version = "0.44.0rc1"');
      expect(bumped).not.toBe(file);
      const message = 'Bumping Kestrel Version to v0.44.0rc1\n\nSlipway-Run: kestrel_0.44.0_cut_99';
      foreign = await room.origin.commit(branch, { 'pyproject.toml': bumped }, message);
    };
    const kinds = stepKinds.map((kind) =>
      kind.name === 'commit'
        ? {
            ...kind,
            find: async (context: Parameters<typeof kind.find>[0]) => {
              if (foreign === '') await push();
              return kind.find(context);
            },
          }
        : kind,
    );
    const room = await openRoom({ kinds });
    // Before the cut it is a branch that Slipway did not make.
    await room.origin.point(`refs/heads/${branch}`, 'refs/heads/main');
    await push();
    const refused = await room.says('ana', 'release cut');
    expect(refused.exit).toBe(1);
    expect(refused.lines.join(' ')).toContain(`at ${foreign.slice(0, 7)}, and Slipway did not make it`);
    // Right before the bump it is one more commit than ours.
    await room.origin.remove(`refs/heads/${branch}`);
    foreign = '';
    const state = await room.rest(await room.starts('ana', 'release cut'));
    expect(stepOf(state, 'bump')?.failure).toMatchObject({ code: 'effect-differs' });
    expect(stepOf(state, 'bump')?.failure?.message).toContain(foreign.slice(0, 7));
    expect(Object.keys(await room.origin.refs())).not.toContain(candidate);
    expect(await room.serves('internal')).toBe('');
  });

  test('cannot hold the line for good by a push between the approval and ours', async () => {
    let isPushed = false;
    const kinds = stepKinds.map((kind) =>
      kind.name === 'push'
        ? {
            ...kind,
            find: async (context: Parameters<typeof kind.find>[0]) => {
              if (!isPushed) await room.origin.commit(branch, { 'late.txt': 'late\n' }, 'Too late');
              isPushed = true;
              return kind.find(context);
            },
          }
        : kind,
    );
    const room = await openRoom({ kinds });
    await room.over(await room.starts('ana', 'release cut'));
    const run = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${run} --seal ${await room.seal(run)}`);
    const stuck = await room.rest(run);
    expect(stepOf(stuck, 'push')?.failure?.code).toBe('effect-differs');
    expect((await room.says('ana', `cancel ${run}`)).lines[0]).toContain('Cancelled');
    await room.over(run, 'cancelled');
    expect(await room.serves('stable')).toBe('');
    await room.over(await room.starts('ana', 'release fixup'));
    expect(await room.serves('internal')).toBe('0.44.0rc2');
  });
});

describe('whoever writes to the journal without the key', () => {
  test('changes nothing of what ships by what a step behind the gate is said to have left', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const run = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${run} --seal ${await room.seal(run)}`);
    const state = await room.over(run);
    const { engine } = room;
    const evil = await engine.blobs.put(Buffer.from('evil'));
    const artifacts = { tarball: { name: 'kestrel-0.44.0.tar.gz', sha256: evil, size: 4 } };
    const outputs = await engine.blobs.put(
      Buffer.from(JSON.stringify({ commit: 'e'.repeat(40), artifacts })),
    );
    const forged: RunState = {
      ...state,
      steps: state.steps.map((step) => (step.outline.id === 'push' ? { ...step, outputs } : step)),
    };
    const store = stepOf(forged, 'store');
    expect(store).toBeDefined();
    if (store === undefined) return;
    const { context } = await loadStep(engine, forged, store, {
      log: openLog(engine.records, engine.clock, run, 'store', 9),
      signal: new AbortController().signal,
      effect: (send) => send(),
    });
    expect(builtArtifact(context.before, 'tarball').sha256).not.toBe(evil);
    expect(newestCommit(context.before, '').commit).toBe((await room.origin.refs())[`refs/heads/${branch}`]);
  });

  test('cannot put an approval into the inbox', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const run = await room.starts('ana', 'release promote');
    const seal = await room.seal(run);
    const by = { issuer: 'local', workspace: 'sandbox', user: 'ben', name: 'Ben' };
    const act = { request: 'forged', verb: 'approve', args: { run, seal }, by };
    const record = { v: 1, at: Date.now(), act, signature: Buffer.from('forged').toString('base64') };
    const key = sha256(act.request).slice(0, 40);
    await room.engine.records.create(`open/inbox/${key}`, Buffer.from(JSON.stringify(record)));
    await answerLeftovers(room.opened, verbs);
    expect(room.warnings.join('\n')).toContain('cannot be read or believed');
    expect((await room.state(run)).gates['approve']?.votes).toEqual([]);
    expect(await room.serves('stable')).toBe('');
  });

  test('cannot take the name of a blob that is to come', async () => {
    const room = await openRoom();
    const bytes = Buffer.from('what will be built');
    await room.engine.records.create(`blobs/sha256/${sha256(bytes)}`, Buffer.from('junk'));
    await expect(room.engine.blobs.put(bytes)).rejects.toMatchObject({ code: 'blob-missing' });
  });
});

describe('an act', () => {
  test('that was not answered before a crash is done again only if its line knows it', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const run = await room.starts('ana', 'release promote');
    await room.seal(run);
    const { keys, records, clock } = room.engine;
    const by = { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'Ana' } as const;
    const inbox = openInbox(records, keys);
    const act = { request: 'half-way', verb: 'cancel', args: { run }, by };
    await inbox.receive(sha256(act.request).slice(0, 40), act, clock.now());
    await answerLeftovers(room.opened, verbs);
    expect(room.warnings.join('\n')).toContain('was not answered before the bot stopped');
    expect((await room.state(run)).cancelled).toBeUndefined();
  });
});
