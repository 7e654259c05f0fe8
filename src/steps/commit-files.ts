import { z } from 'zod';
import type { Blobs } from '../engine/ports/blobs.js';
import { SlipwayError } from '../error.js';
import { readVersion, writeVersion } from '../process/version-file.js';
import type { Json, VersionPlace } from '../release/plan.js';
import type { Git } from '../services/git/git.js';
import { insertBelow, type Edit } from './edit.js';

/** A file as it is to stand in a commit. */
export interface WrittenFile {
  path: string;
  content: Uint8Array;
}

/** What the files of a commit are made from. */
export interface FileSources {
  git: Git;
  blobs: Blobs;
  /** The commit that is built on. */
  parent: string;
  before: { [step: string]: Json };
}

/** What a step `follow` gives: the digests of the changed files, by path. */
export const Followed = z.looseObject({ files: z.record(z.string(), z.string()) });
/** What a step gives that wrote a text for a file of the project. */
const Written = z.looseObject({ path: z.string().min(1), text: z.string() });

/** The version files at a commit with another version in them. @throws SlipwayError config-invalid */
export async function versionFiles(
  { git, parent }: Pick<FileSources, 'git' | 'parent'>,
  places: readonly VersionPlace[],
  version: string,
): Promise<Map<string, Uint8Array>> {
  if (places.length === 0) throw invalid('The process names no file with the version.', 'Set version.from.');
  const files = new Map<string, Uint8Array>();
  for (const place of places) {
    const content = files.get(place.path) ?? (await mustRead(git, parent, place.path, 'version'));
    files.set(place.path, writeVersion(place, content, version));
  }
  return files;
}

/**
 * Puts the files that a step `follow` brought after the version into `files`. Where it wrote a version file again, the
 * version must still be the one of this run.
 * @throws SlipwayError config-invalid
 */
export async function addFollowed(
  { blobs, before }: FileSources,
  step: string,
  files: Map<string, Uint8Array>,
  version: { places: readonly VersionPlace[]; text: string },
): Promise<void> {
  const followed = Followed.safeParse(before[step]);
  if (!followed.success) {
    throw invalid(
      `The step "${step}" left no files, and the lock files would be older than the version.`,
      'Retry it.',
    );
  }
  for (const [path, digest] of Object.entries(followed.data.files)) files.set(path, await blobs.get(digest));
  for (const place of version.places) {
    const found = readVersion(place, files.get(place.path) ?? new Uint8Array());
    if (found !== version.text) {
      throw invalid(
        `${place.path} says ${JSON.stringify(found)} after the programs of version.follow, and not ${version.text}.`,
        'They may change lock files, not the version.',
      );
    }
  }
}

/** Puts what earlier steps wrote for files of the project into `files`. @throws SlipwayError config-invalid */
export function addWritten(
  { before }: FileSources,
  steps: readonly string[],
  files: Map<string, Uint8Array>,
): void {
  for (const step of steps) {
    const written = Written.safeParse(before[step]);
    if (!written.success) {
      throw invalid(
        `No step "${step}" before this one wrote a file.`,
        'Name a step "notes" that has a "file".',
      );
    }
    files.set(written.data.path, new TextEncoder().encode(written.data.text));
  }
}

/** Makes edits in `files`, one after another. @throws SlipwayError config-invalid */
export async function addEdits(
  { git, parent }: FileSources,
  edits: readonly (Edit & { path: string })[],
  files: Map<string, Uint8Array>,
): Promise<void> {
  for (const { path, ...edit } of edits) {
    const content = files.get(path) ?? (await mustRead(git, parent, path, 'edits'));
    files.set(path, insertBelow(path, content, edit));
  }
}

async function mustRead(git: Git, commit: string, path: string, setting: string): Promise<Uint8Array> {
  const content = await git.readFile(commit, path);
  if (content !== undefined) return content;
  throw invalid(`${path} does not exist at ${commit.slice(0, 7)}.`, `The process names it in ${setting}.`);
}

function invalid(message: string, hint: string): SlipwayError {
  return new SlipwayError('config-invalid', message, { hint: `Nothing was committed. ${hint}` });
}
