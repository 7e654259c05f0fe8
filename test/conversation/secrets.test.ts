import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { stepOf } from '../../src/release/run-state.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const value = 'sekret/Token+42=x';
const environment = { KESTREL_TOKEN: value };
const announce = { uses: 'announce', to: ['eng-process'], text: 'done' };

async function grant(room: Room, steps: string[]): Promise<void> {
  await room.set('slipway.yaml', ['projects', 'kestrel', 'secrets'], {
    UPLOAD_TOKEN: { env: 'KESTREL_TOKEN', steps },
  });
}

/** Every file below a folder that holds one of the texts. */
async function holding(folder: string, texts: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    if (texts.some((text) => bytes.includes(text))) found.push(file);
  }
  return found;
}

test('a secret reaches the step that it is granted to, and nothing else', async () => {
  const room = await openRoom({ environment });
  await grant(room, ['upload']);
  const script = [
    'echo "token: $UPLOAD_TOKEN"',
    'printf %s "$UPLOAD_TOKEN" | cut -c1-6 | tr -d "\\n"; sleep 0.1; printf %s "$UPLOAD_TOKEN" | cut -c7-',
    'printf %s "$UPLOAD_TOKEN" | base64 >&2',
    `test "$(printf %s "$UPLOAD_TOKEN" | wc -c)" -eq ${value.length}`,
  ].join('; ');
  await room.set(
    'kestrel.yml',
    ['operations', 'cut', 'steps'],
    [
      { id: 'upload', run: ['sh', '-c', script], secrets: ['UPLOAD_TOKEN'] },
      { id: 'other', run: ['env'] },
      announce,
    ],
  );
  const run = await room.starts('ana', 'release cut');
  await room.over(run);
  const log = (await room.says('ana', `log ${run} upload`)).lines.join('\n');
  expect(log).toContain('token: ');
  const forms = [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)];
  for (const form of forms) expect(log).not.toContain(form);
  expect(await holding(room.sandbox.folder, forms)).toEqual([]);
  expect(JSON.stringify([await room.shows(run), room.warnings, await room.events(run)])).not.toContain(value);
});

test('the environment of a command holds nothing of ours', async () => {
  const room = await openRoom({ environment });
  await room.set('kestrel.yml', ['operations', 'cut', 'steps'], [{ id: 'other', run: ['env'] }, announce]);
  await grant(room, ['other']); // granted, and not asked for
  const run = await room.starts('ana', 'release cut');
  await room.over(run);
  const lines = (await room.says('ana', `log ${run} other`)).lines.filter((line) => /^[A-Z_]+=/.test(line));
  const names = lines.map((line) => line.split('=')[0]).toSorted();
  expect(names).toEqual([
    'CI',
    'HOME',
    'LANG',
    'PATH',
    'SLIPWAY_BRANCH',
    'SLIPWAY_COMMIT',
    'SLIPWAY_PROJECT',
    'SLIPWAY_TAG',
    'SLIPWAY_VERSION',
    'SOURCE_DATE_EPOCH',
    'TMPDIR',
    'TZ',
  ]);
  expect(lines).not.toContain(`HOME=${process.env['HOME']}`);
});

test('what is not granted any more fails closed, before anything runs', async () => {
  const room = await openRoom({ environment });
  await grant(room, ['upload']);
  const go = join(room.sandbox.folder, 'go');
  await room.set(
    'kestrel.yml',
    ['operations', 'cut', 'steps'],
    [
      { id: 'first', run: ['sh', '-c', `until test -e ${go}; do sleep 0.05; done`] },
      { id: 'upload', run: ['sh', '-c', `touch ${go}-ran`], secrets: ['UPLOAD_TOKEN'] },
      announce,
    ],
  );
  const run = await room.starts('ana', 'release cut');
  await room.step(run, 'first', 'claimed');
  // The plan of the run is frozen, who may have the secret is not.
  await room.set('kestrel.yml', ['operations', 'cut', 'steps', 1, 'secrets'], []);
  await grant(room, []);
  await writeFile(go, '');
  const state = await room.step(run, 'upload', 'failed');
  expect(stepOf(state, 'upload')?.failure).toMatchObject({ code: 'secret-missing' });
  expect((await room.shows(run)).join('\n')).toContain('Nothing was run');
  expect(await readdir(room.sandbox.folder)).not.toContain('go-ran');
});

test('a process cannot give itself a secret', async () => {
  const room = await openRoom({ environment });
  await room.set('kestrel.yml', ['operations', 'cut', 'steps', 2, 'secrets'], ['UPLOAD_TOKEN']);
  const reply = await room.says('ana', 'release cut');
  expect(reply).toMatchObject({ exit: 2, data: { error: { code: 'config-invalid' } } });
  expect(reply.lines[0]).toMatch(/kestrel\.yml:\d+:\d+.*not granted to the step "build"/);
});
