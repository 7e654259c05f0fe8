import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A preset as it was read: `file` is its name in messages. */
export interface PresetFile {
  file: string;
  /** Absolute. */
  path: string;
  text: string;
}

/** The presets that come with Slipway, by name. */
export async function readPresets(): Promise<ReadonlyMap<string, PresetFile>> {
  const folder = await presetFolder(dirname(fileURLToPath(import.meta.url)));
  if (folder === undefined) return new Map();
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yml')).toSorted();
  const presets = await Promise.all(
    files.map(async (name): Promise<[string, PresetFile]> => {
      const path = join(folder, name);
      const text = await readFile(path, 'utf8');
      return [name.slice(0, -'.yml'.length), { file: `presets/${name}`, path, text }];
    }),
  );
  return new Map(presets);
}

/** Beside the sources, or beside what was compiled from them: the next `presets` above. */
async function presetFolder(from: string): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const names = await readdir(folder);
    if (names.includes('presets') && names.includes('package.json')) return join(folder, 'presets');
    if (dirname(folder) === folder) return undefined;
  }
}
