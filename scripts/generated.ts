import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { installationSchema } from '../src/app/installation-schema.js';
import { processJsonSchema } from '../src/process/process-schema.js';
import { stepKinds } from '../src/steps/index.js';
import { withGaps } from './gap-list.js';
import { stepPages } from './step-pages.js';

/** Every generated file with its text, by its path from the root of the repository. */
export async function generatedFiles(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  files.set('schemas/process.schema.json', await pretty(root, processJsonSchema()));
  files.set('schemas/slipway.schema.json', await pretty(root, installationSchema()));
  const implemented = new Set(stepKinds.map(({ name }) => name));
  for (const [name, text] of stepPages(implemented)) files.set(`docs/steps/${name}`, text);
  const page = 'docs/processes.md';
  files.set(page, withGaps(await readFile(join(root, page), 'utf8'), implemented));
  return files;
}

async function pretty(root: string, schema: Record<string, unknown>): Promise<string> {
  const options = await resolveConfig(`${root}/schemas/x.json`);
  return format(JSON.stringify(schema), { ...options, parser: 'json' });
}
