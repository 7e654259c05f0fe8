import { constants, type Stats } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { SlipwayError } from '../../error.js';
import { matchesGlob } from './glob.js';
import { plainPath } from './minimal-environment.js';
import type { RunAs } from './run-as.js';
import { runCommand } from './run-command.js';

/** Files that a build makes: for each artifact a glob. */
export type Produces = { [artifact: string]: string };

/** How long reading one artifact may take, in ms: what is no file might never end. */
const readMs = 5 * 60_000;

/** What one artifact may have: more cannot be read at once, and a file with holes has any size at no cost. */
const mostBytes = 2 * 1024 ** 3 - 1;

/** Names come from the project and are shown in rooms and put into storage. */
const goodName = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$/;

function invalid(message: string, hint: string): SlipwayError {
  return new SlipwayError('artifact-invalid', message, { hint: `Nothing was published. ${hint}` });
}

/**
 * Each glob must match exactly one file that the build made or changed since `before` was taken.
 * @throws SlipwayError artifact-invalid
 */
export async function collectArtifacts(
  root: string,
  produces: Produces,
  before: Map<string, string>,
  runAs: RunAs | undefined,
): Promise<{ [artifact: string]: { name: string; bytes: Uint8Array } }> {
  const after = await stamps(root, produces);
  const files: { [artifact: string]: { name: string; bytes: Uint8Array } } = {};
  for (const [artifact, glob] of Object.entries(produces)) {
    const found = [...after.keys()].filter((name) => matchesGlob(name, glob));
    const [only] = found;
    if (only === undefined || found.length > 1) {
      const names = found.slice(0, 5).map((name) => JSON.stringify(name));
      const seen = only === undefined ? 'nothing' : `${found.length} files (${names.join(', ')})`;
      throw invalid(
        `The build left ${seen} for "${artifact}": ${glob} must match exactly one file.`,
        'Correct the build or the glob, then start anew.',
      );
    }
    if (!goodName.test(basename(only))) {
      throw invalid(
        `The build left ${JSON.stringify(only)} for "${artifact}", which is no name for an artifact.`,
        'Use letters, digits and . _ + - only.',
      );
    }
    if (before.get(only) === after.get(only)) {
      throw invalid(
        `${only} was there before the build, which did not touch it.`,
        'Remove it from the repository, or list it under "fresh".',
      );
    }
    const { size } = await stat(join(root, only));
    if (size > mostBytes) throw tooBig(only, mostBytes);
    files[artifact] = { name: basename(only), bytes: await read(join(root, only), runAs) };
  }
  return files;
}

/**
 * The bytes, with the rights of the project's user: a process that the build left behind could swap the file for a link
 * to one of ours while we look, and root would read that.
 */
export async function read(
  path: string,
  runAs: RunAs | undefined,
  most: number = mostBytes,
): Promise<Uint8Array> {
  return runAs === undefined ? readOwn(path, most) : readAs(path, runAs, most);
}

function tooBig(path: string, most: number): SlipwayError {
  return invalid(`${JSON.stringify(basename(path))} has more than ${most} bytes.`, 'Make it smaller.');
}

async function readOwn(path: string, most: number): Promise<Uint8Array> {
  // Not through a link, and without waiting for the other end of a pipe.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await requireFile(file, path);
    if (size > most) throw tooBig(path, most);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function requireFile(file: FileHandle, path: string): Promise<Stats> {
  const found = await file.stat();
  if (!found.isFile()) throw invalid(`${path} is no file.`, 'Correct the build.');
  return found;
}

async function readAs(path: string, runAs: RunAs, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const result = await runCommand({
    argv: ['cat', '--', path],
    folder: '/',
    env: { PATH: plainPath },
    runAs,
    timeoutMs: readMs,
    onOutput: (chunk, stream) => {
      if (stream !== 'stdout') return;
      size += chunk.length;
      // It may have been swapped for something without an end since it was looked at.
      if (size > most) throw tooBig(path, most);
      parts.push(Uint8Array.from(chunk));
    },
  });
  if (result.exit !== 0) {
    throw invalid(`${basename(path)} cannot be read by the user that built it.`, 'Correct the build.');
  }
  return Buffer.concat(parts);
}

/** What is there for the globs, each with a stamp that changes when it is written: a build may set the time of a file, but not that of its inode. */
export async function stamps(root: string, produces: Produces): Promise<Map<string, string>> {
  const globs = Object.values(produces);
  const found = new Map<string, string>();
  if (globs.length === 0) return found;
  const isWanted = (name: string): boolean => globs.some((glob) => matchesGlob(name, glob));
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    if (!entry.isFile() || !isWanted(name)) continue;
    const { ino, ctimeMs, size } = await stat(path);
    found.set(name, `${ino} ${ctimeMs} ${size}`);
  }
  return found;
}
