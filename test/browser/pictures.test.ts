import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');

test('the README shows every picture with words, and every picture that it shows is there and small', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/!\[([^\]]*)\]\((docs\/pictures\/[^)]+)\)/g)];
  const files = (await readdir(join(root, 'docs', 'pictures'))).map((name) => `docs/pictures/${name}`);
  expect(shown.map(([, , file]) => file).toSorted()).toEqual(files.toSorted());
  for (const [, words, file = ''] of shown) {
    expect(words?.length).toBeGreaterThan(20);
    expect((await stat(join(root, file))).size).toBeLessThanOrEqual(150 * 1024);
  }
});
