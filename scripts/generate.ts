// Writes everything that is generated: `node --import tsx scripts/generate.ts`.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { generatedFiles } from './generated.js';

const root = resolve(import.meta.dirname, '..');
for (const [path, text] of await generatedFiles(root)) {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
