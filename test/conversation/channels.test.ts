import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { stepKinds } from '../../src/steps/index.js';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

test('a candidate that the run of another line has just published is neither moved back nor given other bytes', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const kinds = stepKinds.map((kind) => ({
    ...kind,
    run: async (context: Parameters<typeof kind.run>[0]) => {
      // The step after the channel: the line does not know its candidate yet.
      if (kind.name === 'tag' && context.facts.version === '0.45.0rc1') await held;
      return kind.run(context);
    },
  }));
  const room = await openRoom({ kinds });
  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', 'release promote');
  const seal = await room.seal(promote);
  const file = await room.origin.read('main', 'pyproject.toml');
  await room.origin.commit('main', {
    'pyproject.toml': `${file.replace('0.44.0', '0.45.0')}\n`,
    'NEW.md': 'new\n',
  });
  const cut = await room.starts('ana', 'release cut');
  await room.step(cut, 'tag', 'claimed');
  expect(await room.serves('internal')).toBe('0.45.0rc1');
  await room.says('ben', `approve ${promote} --seal ${seal}`);
  await room.over(promote);
  expect(await room.serves('stable')).toBe('0.44.0');
  expect(await room.serves('internal')).toBe('0.45.0rc1');
  letGo();
  await room.over(cut);
  expect(await room.serves('internal')).toBe('0.45.0rc1');
  const { releases, latest } = room.sandbox.storage;
  expect(await readFile(join(latest, 'internal', 'kestrel.tar.gz'))).toEqual(
    await readFile(join(releases, 'kestrel-0.45.0rc1.tar.gz')),
  );
});

test('a channel that only releases move serves what was released, whatever it is called', async () => {
  const room = await openRoom();
  await room.edit('kestrel.yml', (text) =>
    text.replace(/\bstable:/, 'production:').replace('[internal, stable]', '[internal, production]'),
  );
  await room.edit('kestrel.yml', (text) => text.replace(/\n\s+to: stable/, ''));
  await room.set(
    'kestrel.yml',
    ['operations', 'abandon', 'steps'],
    [{ uses: 'announce', to: ['eng-process'], text: 'Kestrel {line} is abandoned: {inputs.reason}' }],
  );
  await room.edit('slipway.yaml', (text) => text.replace('protects: [stable]', 'protects: [production]'));
  await room.over(await room.starts('ana', 'release cut'));
  // Another line is open and higher when 0.44.0 is promoted: production gets 0.44.0 all the same.
  const file = await room.origin.read('main', 'pyproject.toml');
  await room.origin.commit(
    'main',
    { 'pyproject.toml': `${file.replace('0.44.0', '0.45.0')}\n` },
    'Begin 0.45.0',
  );
  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', 'release promote 0.44.0');
  await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
  await room.over(promote);
  const status = (await room.says('ana', 'status')).lines.join('\n');
  expect(status).toContain('production: kestrel 0.44.0');
  expect(status).toContain('internal: kestrel 0.45.0rc1');
});
