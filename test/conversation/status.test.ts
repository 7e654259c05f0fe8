import { afterAll, afterEach, expect, test } from 'vitest';
import { SlipwayError } from '../../src/error.js';
import { stepKinds } from '../../src/steps/index.js';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

test('status says what needs a person first, then lines, then what channels serve', async () => {
  const kinds = stepKinds.map((kind) => ({
    ...kind,
    run: (context: Parameters<typeof kind.run>[0]) =>
      kind.name === 'tag' && context.facts.version === '0.45.0rc1'
        ? Promise.reject(new SlipwayError('git-failed', 'The remote refuses tags.'))
        : kind.run(context),
  }));
  const room = await openRoom({ kinds });
  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', 'release promote');
  await room.seal(promote);
  const file = await room.origin.read('main', 'pyproject.toml');
  const files = { 'pyproject.toml': `${file.replace('0.44.0', '0.45.0')}\n`, 'NEW.md': 'new\n' };
  await room.origin.commit('main', files);
  const cut = await room.starts('ana', 'release cut');
  await room.step(cut, 'tag', 'failed');
  const { lines, data } = await room.says('cat', 'status');
  expect(lines[0]).toBe('2 runs under way, 1 failed, 1 waiting for people');
  expect(lines[1]).toMatch(/^❌ kestrel 0\.45\.0rc1 · failed at Tag, .* UTC · run kestrel_0\.45\.0_cut_1$/);
  expect(lines[2]).toMatch(
    /^✋ kestrel 0\.44\.0 · waiting, Approve 0 of 1, (1 d 0 h|23 h 59 min) left · run /,
  );
  expect(lines).toContain('kestrel 0.44.0 · open, newest 0.44.0rc1');
  expect(lines.filter((line) => /^(internal|stable):/.test(line))).toEqual([
    'internal: kestrel 0.45.0rc1',
    'stable: kestrel nothing yet',
  ]);
  expect(data).toMatchObject({
    open: [promote, cut],
    halted: '',
    channels: [
      { channel: 'internal', serves: '0.45.0rc1', pinned: '' },
      { channel: 'stable', serves: '', pinned: '' },
    ],
  });
});
