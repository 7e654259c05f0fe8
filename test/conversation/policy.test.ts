import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { stepOf } from '../../src/release/run-state.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const policy = ['policies', 'standard'];
const rules = [...policy, 'gates', 'approve', 'rules'];
const strict = [
  { versions: '<0.44.0', need: 1, of: ['maintainer'] },
  { versions: '>=0.44.0', need: 2, of: ['maintainer'], 'each-of': ['lead'] },
];

/** A sandbox where from 0.44.0 on two of Ben, Cat and Dan approve, one of them the lead Dan. */
async function strictRoom(): Promise<Room> {
  const room = await openRoom();
  await room.set('slipway.yaml', ['people', 'dan'], { name: 'Dan' });
  await room.set('slipway.yaml', ['roles', 'maintainer'], ['ana', 'ben', 'cat', 'dan']);
  await room.set('slipway.yaml', ['roles', 'lead'], ['dan']);
  await room.set('slipway.yaml', [...policy, 'operations', 'promote'], { start: ['coordinator'] });
  await room.set('slipway.yaml', rules, strict);
  return room;
}

/** A promotion of 0.44.0 by Ana that waits at its gate. */
async function waiting(room: Room): Promise<{ run: string; approve: string }> {
  await room.over(await room.starts('ana', 'release cut'));
  const run = await room.starts('ana', 'release promote');
  return { run, approve: `approve ${run} --seal ${await room.seal(run)}` };
}

describe('rules of a gate', () => {
  test('are chosen by version, and name a role of which somebody must approve', async () => {
    const room = await strictRoom();
    const { run, approve } = await waiting(room);
    const asked = (await room.says('cat', `status ${run}`)).lines.join('\n');
    expect(asked).toContain('0 of 2');
    expect(asked).toContain('Can decide: Ben, Cat, Dan. Ana asked for it.');
    expect(asked).toContain('Must be among them: somebody with the role lead.');
    expect(asked).not.toContain('starts the publication');

    expect((await room.says('ben', approve)).lines[0]).toMatch(/^Counted: .*1 of 2/);
    const one = (await room.says('cat', `status ${run}`)).lines.join('\n');
    expect(one).toContain('An approval by Dan starts the publication at once.');
    // Two are enough in number, and the lead is still missing.
    expect((await room.says('cat', approve)).lines[0]).toMatch(/^Counted: .*2 of 2/);
    expect(await room.serves('stable')).toBe('');
    expect((await room.says('dan', approve)).lines[0]).toMatch(/^Approved/);
    await room.over(run);
    expect(await room.serves('stable')).toBe('0.44.0');
  });

  test('of which none speaks of a release let nobody approve it, and the question says so', async () => {
    const room = await strictRoom();
    await room.set('slipway.yaml', rules, [strict[0]]);
    const { run, approve } = await waiting(room);
    const asked = (await room.says('cat', `status ${run}`)).lines.join('\n');
    expect(asked).toContain('No rule of slipway.yaml speaks of this release: nobody can approve it.');
    expect(asked).toContain('Can decide: nobody.');
    expect(await room.says('ben', approve)).toMatchObject({
      exit: 1,
      data: { error: { code: 'not-allowed' } },
    });
    // A rule that is written later is for questions that are asked later.
    await room.set('slipway.yaml', rules, [{ need: 1, of: ['maintainer'] }]);
    expect((await room.says('ben', approve)).exit).toBe(1);
    expect(await room.serves('stable')).toBe('');
  });

  test('that are made looser count for later questions: also who gets a role now is not the one', async () => {
    const room = await strictRoom();
    const { run, approve } = await waiting(room);
    await room.set('slipway.yaml', rules, [{ need: 1, of: ['maintainer'] }]);
    await room.set('slipway.yaml', ['roles', 'lead'], ['ben', 'cat', 'dan']);
    await room.says('ben', approve);
    expect((await room.says('cat', approve)).lines[0]).toMatch(/^Counted: .*2 of 2/);
    expect((await room.state(run)).gates['approve']?.decided).toBeUndefined();
    expect((await room.says('dan', approve)).lines[0]).toMatch(/^Approved/);
    await room.over(run);
  });

  test('that are made stricter count at once', async () => {
    const room = await strictRoom();
    await room.set('slipway.yaml', rules, [{ need: 1, of: ['maintainer'] }]);
    const { run, approve } = await waiting(room);
    await room.set('slipway.yaml', rules, strict);
    expect((await room.says('ben', approve)).lines[0]).toMatch(/^Counted: .*1 of 2/);
    expect((await room.says('dan', approve)).lines[0]).toMatch(/^Approved/);
    await room.over(run);
  });
});

describe('who may start', () => {
  test('an operation that a second person confirms: nobody alone, nor with somebody without the role', async () => {
    const room = await strictRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const abandon = [...policy, 'operations', 'abandon'];
    await room.set('slipway.yaml', abandon, { start: ['coordinator', 'lead'], confirm: ['lead'] });
    const said = 'release abandon --input reason=broken';
    const alone = await room.says('ana', said);
    expect(alone).toMatchObject({ exit: 1, data: { error: { code: 'not-allowed' } } });
    expect(alone.lines.join(' ')).toContain(
      'needs a second person. Nothing was started. Name one with --second: dan.',
    );
    expect((await room.says('ana', `${said} --second ben`)).lines[0]).toContain('needs the role lead');
    expect((await room.says('dan', `${said} --second dan`)).lines[0]).toContain('needs a second person');
    expect((await room.says('dan', `${said} --second nobody`)).lines[0]).toContain('needs a second person');
    const { data } = await room.says('ana', 'status');
    expect(JSON.stringify(data)).not.toContain('_abandon_');
    await room.over(await room.starts('ana', `${said} --second dan`));
  });

  test('in a freeze only who is excepted, with a reason; what it does not name goes on', async () => {
    const room = await strictRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await room.set('slipway.yaml', rules, [{ need: 1, of: ['maintainer'] }]);
    const always = { name: 'Quarter end', from: '2000-01-01T00:00', to: '2999-01-01T09:00' };
    await room.set('slipway.yaml', ['freezes'], [{ ...always, blocks: ['promote'], except: ['lead'] }]);
    await room.set('slipway.yaml', [...policy, 'operations', 'promote'], { start: ['coordinator', 'lead'] });
    const stopped = await room.says('ana', 'release promote --reason please');
    expect(stopped).toMatchObject({ exit: 1, data: { error: { code: 'refused' } } });
    expect(stopped.lines.join(' ')).toBe(
      '🔒 kestrel · frozen until 1 Jan 2999 09:00 Europe/London: "Quarter end". Nothing was started. cut, fixup and abandon are allowed. An exception is for lead, with a reason.',
    );
    expect((await room.says('dan', 'release promote')).lines.join(' ')).toContain('add --reason');
    await room.until(
      await room.starts('dan', 'release promote --reason "the fix must be out"'),
      (state) => state.gates['approve'] !== undefined,
    );
  });
});

test('a secret that is granted in one operation is seen there only', async () => {
  const room = await openRoom({ environment: { KESTREL_TOKEN: 'sekret/Token+42=x' } });
  const secrets = ['projects', 'kestrel', 'secrets', 'TOKEN'];
  await room.set('slipway.yaml', secrets, { env: 'KESTREL_TOKEN', steps: ['look'], operations: ['cut'] });
  const look = { id: 'look', secrets: ['TOKEN'], run: ['sh', '-c', 'test -n "$TOKEN"'] };
  const first = {
    ...look,
    id: 'first',
    secrets: [],
    run: ['sh', '-c', 'test -e "$0/go"', room.sandbox.folder],
  };
  await room.set('kestrel.yml', ['operations', 'cut', 'steps'], [first, look]);
  const run = await room.starts('ana', 'release cut');
  await room.step(run, 'first', 'failed');
  // The plan of this run is frozen and asks for it; what counts is the grant of now.
  await room.set('kestrel.yml', ['operations', 'cut', 'steps'], [first, { ...look, secrets: [] }]);
  await room.set('slipway.yaml', [...secrets, 'operations'], ['promote']);
  await writeFile(join(room.sandbox.folder, 'go'), '');
  await room.says('ana', `retry ${run}`);
  const failed = await room.step(run, 'look', 'failed');
  expect(stepOf(failed, 'look')?.failure?.code).toBe('secret-missing');
  await room.set('slipway.yaml', [...secrets, 'operations'], ['cut']);
  await room.says('ana', `retry ${run}`);
  await room.over(run);
});
