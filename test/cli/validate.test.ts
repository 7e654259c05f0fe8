import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const limit = 60_000;
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'slipway-validate-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  exit: number;
  out: string;
  err: string;
}

/** `slipway validate` in a process of its own, with an environment that names no installation but ours. */
function run(words: string[], variables: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const args = ['--import', 'tsx', join(root, 'bin/slipway.ts'), 'validate', ...words];
    const env = { PATH: process.env['PATH'], ...variables };
    const child = execFile(process.execPath, args, { cwd: root, env }, (_, out, err) =>
      resolve({ exit: child.exitCode ?? -1, out, err }),
    );
  });
}

const right = readFileSync(join(root, 'test/fixtures/slipway.yaml'), 'utf8');
writeFileSync(join(folder, 'kestrel.yml'), readFileSync(join(root, 'test/fixtures/kestrel.yml')));
writeFileSync(join(folder, 'slipway.yaml'), right);
writeFileSync(join(folder, 'wrong.yaml'), right.replace('room: eng-process', 'room: eng'));

test('what is right is exit 0, on standard output', { timeout: limit }, async () => {
  const named = await run(['test/fixtures/kestrel.yml']);
  expect(named).toMatchObject({ exit: 0, err: '' });
  expect(named.out).toMatch(/^✅ kestrel\n/);
  const configured = await run([], { SLIPWAY_CONFIG: join(folder, 'slipway.yaml') });
  expect(configured).toMatchObject({ exit: 0, err: '' });
  expect(configured.out).toContain('approve: 1 of maintainer: Ana, Ben');
});

test(
  'what is wrong is exit 2, on standard error; as data on standard output',
  { timeout: limit },
  async () => {
    const place = `${join(folder, 'wrong.yaml')}:49:11: there is no room "eng"`;
    const told = await run([join(folder, 'wrong.yaml')]);
    expect(told).toEqual({ exit: 2, out: '', err: `${place}\n❌ 1 thing is wrong. Nothing was changed.\n` });
    const data = await run([join(folder, 'wrong.yaml'), '--json']);
    expect(data).toMatchObject({ exit: 2, err: '' });
    expect(JSON.parse(data.out)).toMatchObject({
      valid: false,
      problems: [{ line: 49, column: 11, message: 'there is no room "eng"' }],
    });
  },
);

test('no file is exit 2 and says what to name', { timeout: limit }, async () => {
  const none = await run([join(folder, 'none.yaml')]);
  expect(none).toMatchObject({ exit: 2, out: '' });
  expect(none.err).toContain('cannot be read');
  const data = await run([join(folder, 'none.yaml'), '--json']);
  expect(data).toMatchObject({ exit: 2, err: '' });
  expect(JSON.parse(data.out)).toMatchObject({ error: { code: 'config-invalid' } });
});
