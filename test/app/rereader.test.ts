import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { rereader } from '../../src/app/rereader.js';

const folder = mkdtempSync(join(tmpdir(), 'slipway-rereader-'));
const [file, other] = [join(folder, 'slipway.yaml'), join(folder, 'kestrel.yml')];
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('reads again when a file changed, and what changed while it was read is read once more', async () => {
  writeFileSync(file, 'one');
  writeFileSync(other, 'x');
  let loads = 0;
  /** What happens right after the files were read. */
  const meanwhile: (() => Promise<unknown>)[] = [];
  const current = rereader(file, async () => {
    loads += 1;
    const text = `${readFileSync(file, 'utf8')} ${readFileSync(other, 'utf8')}`;
    await meanwhile.shift()?.();
    return { files: [file, other], text };
  });
  const text = async (): Promise<string> => (await current()).text;

  expect([await text(), await text(), await text()]).toEqual(['one x', 'one x', 'one x']);
  expect(loads).toBeLessThan(3);
  writeFileSync(other, 'other');
  expect(await text()).toBe('one other');

  // Somebody reads the old text, somebody writes, somebody else reads the new one and is faster.
  writeFileSync(file, 'old one');
  meanwhile.push(async () => {
    writeFileSync(file, 'the new');
    expect(await text()).toBe('the new other');
  });
  expect(await text()).toBe('old one other');
  expect(await text()).toBe('the new other');
});
