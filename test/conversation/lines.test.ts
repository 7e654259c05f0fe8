import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { stepOf } from '../../src/release/run-state.js';
import { SlipwayError } from '../../src/error.js';
import { stepKinds } from '../../src/steps/index.js';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const branch = 'release/kestrel-v0.44.0';

describe('a release line', () => {
  test('cut, promote, and then it is there already', async () => {
    const room = await openRoom();
    const cut = await room.starts('ana', 'release cut');
    expect(cut).toBe('kestrel_0.44.0_cut_1');
    await room.over(cut);
    expect(await room.serves('internal')).toBe('0.44.0rc1');
    expect(await room.serves('stable')).toBe('');

    const promote = await room.starts('ana', 'release promote');
    const seal = await room.seal(promote);
    expect((await room.says('ben', `approve ${promote} --seal ${seal}`)).lines[0]).toMatch(/^Approved/);
    await room.over(promote);
    expect(await room.serves('stable')).toBe('0.44.0');
    expect(await room.serves('internal')).toBe('0.44.0');
    const refs = await room.origin.refs();
    expect(refs['refs/tags/kestrel-v0.44.0']).toBe(refs[`refs/heads/${branch}`]);

    const again = await room.says('cat', 'release promote 0.44.0');
    expect(again).toMatchObject({ exit: 1 }); // cat may not start anything
    const once = await room.says('ben', 'release promote 0.44.0');
    expect(once).toMatchObject({ exit: 0, data: { answer: 'already', run: promote } });
    expect(once.lines.join(' ')).toMatch(/already done by Ana.* UTC/);
    // Without a version, the line that is meant is the one that was promoted last.
    expect(await room.says('ben', 'release promote')).toMatchObject({ exit: 0, data: { answer: 'already' } });

    const exists = await room.says('ana', 'release cut');
    expect(exists.exit).toBe(1);
    expect(exists.lines.join(' ')).toContain('0.45.0');
    expect(exists.lines.join(' ')).toContain('Nothing was started');
  });

  test('a cut asked twice is shown, also when two people ask at the same moment', async () => {
    const room = await openRoom();
    const both = await Promise.all([
      room.says('ana', 'release cut'),
      room.says('ben', 'release cut'),
      room.says('ana', 'release cut 0.44.0'),
    ]);
    expect(both.map((reply) => reply.follow)).toEqual(Array(3).fill('kestrel_0.44.0_cut_1'));
    await room.over('kestrel_0.44.0_cut_1');
    expect(await room.engine.runs.ids()).toEqual(['kestrel_0.44.0_cut_1']);
    const open = await room.says('ana', 'release cut');
    expect(open.lines.join(' ')).toContain('fixup');
    expect(open.exit).toBe(1);
  });

  test('the same delivery twice is one act and one answer', async () => {
    const room = await openRoom();
    const one = await room.says('ana', 'release cut', 'delivery-1');
    await room.over(one.follow ?? '');
    expect(await room.says('ana', 'release cut', 'delivery-1')).toEqual(one);
    const other = await room.says('ana', 'release fixup', 'delivery-1');
    expect(other).toMatchObject({ exit: 1 });
    expect(other.lines[0]).toContain('Something else was said');
  });

  test('a fixup that is asked for while the cut runs waits and starts by itself', async () => {
    const room = await openRoom();
    const cut = await room.starts('ana', 'release cut');
    const queued = await room.says('ben', 'release fixup --again');
    expect(queued).toMatchObject({ exit: 0, data: { answer: 'queued', position: 1, behind: cut } });
    expect(queued.lines[0]).toContain('starts by itself');
    const promote = await room.says('ana', 'release promote');
    expect(promote).toMatchObject({ exit: 1 });
    expect(promote.lines[0]).toContain('is on its way');
    await room.over(cut);
    const fixup = await room.over('kestrel_0.44.0_fixup_1');
    expect(fixup.created).toMatchObject({ version: '0.44.0rc2', by: { name: 'Ben' } });
  });

  test('a fix on the release branch becomes rc2 and internal serves it', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.commit(branch, { 'NOTES.md': 'fixed\n' });
    await room.over(await room.starts('ben', 'release fixup'));
    expect(await room.serves('internal')).toBe('0.44.0rc2');
    expect(await room.origin.read('kestrel-v0.44.0rc2', 'pyproject.toml')).toContain('"0.44.0rc2"');
    expect(await room.origin.read('kestrel-v0.44.0rc2', 'NOTES.md')).toBe('fixed');
  });

  test('what has moved since the candidate is not promoted', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.commit(branch, { 'NOTES.md': 'fixed\n' });
    const promote = await room.says('ana', 'release promote');
    expect(promote.exit).toBe(1);
    expect(promote.lines.join(' ')).toMatch(/has moved to [0-9a-f]{7} since 0\.44\.0rc1.*fixup/);
  });

  test('a fixup supersedes the promotion that waits, and its votes are void', async () => {
    const room = await openRoom();
    await room.set('slipway.yaml', ['roles', 'maintainer'], ['ana', 'ben', 'cat']);
    await room.set('slipway.yaml', ['policies', 'standard', 'gates', 'approve', 'rules', 0, 'need'], 2);
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    const seal = await room.seal(promote);
    expect((await room.says('ben', `approve ${promote} --seal ${seal}`)).lines[0]).toMatch(/^Counted/);
    await room.origin.commit(branch, { 'NOTES.md': 'fixed\n' });
    const fixup = await room.says('ben', 'release fixup');
    expect(fixup.lines.join(' ')).toContain(promote);
    await room.over(fixup.follow ?? '');
    const old = await room.over(promote, 'superseded');
    expect(old.finished?.reason).toContain('fixup_1');
    const late = await room.says('cat', `approve ${promote} --seal ${seal}`);
    expect(late.exit).toBe(1);
    expect(late.lines.join(' ')).toContain('superseded');
    expect(late.lines.join(' ')).not.toContain('run-is-finished');
    expect(await room.serves('stable')).toBe('');
  });

  test('abandon asks for its reason, ends the line, and burns the number', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const bare = await room.says('ana', 'release abandon');
    expect(bare.exit).toBe(2);
    expect(bare.lines.join(' ')).toContain('reason');
    expect((await room.says('ben', "release abandon --input 'reason=slow'")).lines[0]).toContain(
      'coordinator',
    );
    await room.over(await room.starts('ana', "release abandon --input 'reason=too slow'"));
    const cut = await room.says('ana', 'release cut');
    expect(cut.exit).toBe(1);
    expect(cut.lines.join(' ')).toMatch(/abandoned at 0\.44\.0rc1 by Ana.*0\.45\.0/);
    expect((await room.says('ana', "release abandon 0.44.0 --input 'reason=again'")).data).toMatchObject({
      answer: 'already',
    });
    expect((await room.says('ana', 'release fixup 0.44.0')).exit).toBe(1);
  });

  test('abandon also ends a cut that is stuck with its archive published', async () => {
    const kinds = stepKinds.map((kind) =>
      kind.name === 'tag'
        ? { ...kind, find: () => Promise.reject(new SlipwayError('git-failed', 'The remote refuses tags.')) }
        : kind,
    );
    const room = await openRoom({ kinds });
    const cut = await room.starts('ana', 'release cut');
    expect(stepOf(await room.rest(cut), 'store')?.status).toBe('done');
    expect(await room.says('ana', "release abandon --input 'reason=no tags'")).toMatchObject({ exit: 0 });
    await room.over(cut, 'cancelled');
    await room.over('kestrel_0.44.0_abandon_1');
    expect((await room.says('ana', 'release cut')).lines[0]).toContain('abandoned');
  });

  test('abandon while the cut runs stops it at the next boundary', async () => {
    const room = await openRoom();
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'build', 'claimed');
    const said = await room.says('ana', "release abandon --input 'reason=wrong commit'");
    expect(said).toMatchObject({ exit: 0, data: { answer: 'queued', behind: cut } });
    const old = await room.over(cut, 'cancelled');
    // The build was let end, and nothing began after it.
    expect(stepOf(old, 'build')?.status).toBe('done');
    expect(stepOf(old, 'store')?.status).toBe('todo');
    await room.over('kestrel_0.44.0_abandon_1');
    expect((await room.says('ana', 'release cut')).lines[0]).toContain('abandoned');
  });

  test('a line whose branch was deleted by hand can still be abandoned', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    await room.origin.remove(`refs/heads/${branch}`);
    const fixup = await room.says('ana', 'release fixup');
    expect(fixup.lines.join(' ')).toContain('abandon');
    await room.over(await room.starts('ana', "release abandon --input 'reason=gone'"));
  });

  test('a cut that was cancelled goes on under its number; numbers of candidates are never used twice', async () => {
    const room = await openRoom();
    const cut = await room.starts('ana', 'release cut');
    await room.step(cut, 'build', 'claimed');
    expect((await room.says('ana', `cancel ${cut}`)).lines[0]).toContain('Cancelled');
    await room.over(cut, 'cancelled');
    const second = await room.over(await room.starts('ben', 'release cut'));
    expect(second.created).toMatchObject({ run: 'kestrel_0.44.0_cut_2', version: '0.44.0rc1' });
    const fixup = await room.starts('ben', 'release fixup --again');
    await room.step(fixup, 'build', 'claimed');
    await room.says('ben', `cancel ${fixup}`);
    await room.over(fixup, 'cancelled');
    const next = await room.over(await room.starts('ben', 'release fixup --again'));
    expect(next.created.version).toBe('0.44.0rc3');
  });
});
