import { stat } from 'node:fs/promises';

/** What was read from files, and which they were, absolute. */
interface FromFiles {
  files: readonly string[];
}

/**
 * Loads something anew when one of its files changed: policy counts at once. What changed while it was read is not kept,
 * so that an old text never passes for the new one. A file that became wrong is an error, not what it said before.
 */
export function rereader<Loaded extends FromFiles>(
  file: string,
  load: () => Promise<Loaded>,
): () => Promise<Loaded> {
  let known: { stamp: string; loaded: Loaded } | undefined;
  let files: readonly string[] = [file];
  return async () => {
    const stamp = await stampOf(files);
    if (known?.stamp === stamp) return known.loaded;
    const loaded = await load();
    files = loaded.files;
    // The first time its files are not known before; then it is read once more.
    if ((await stampOf(loaded.files)) === stamp) known = { stamp, loaded };
    return loaded;
  };
}

async function stampOf(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((one) => stat(one).catch(() => undefined)));
  return stats
    .map((one, place) =>
      one === undefined ? 'gone' : `${files[place] ?? ''} ${one.ino} ${one.mtimeMs} ${one.size}`,
    )
    .join('|');
}
