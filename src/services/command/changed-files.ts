import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { SlipwayError } from '../../error.js';
import { checkPath } from '../git/names.js';
import { read } from './collect-artifacts.js';
import type { RunAs } from './run-as.js';

/** Lock files are few; more than this is not what the commands are for. */
const mostFiles = 20;
const mostBytes = 20 * 1024 * 1024;
/** Files that were only touched are compared, up to this many. */
const mostTouched = 2_000;

/**
 * Files that say what a forge runs, with which keys, or how git reads the others: a program that came with a dependency
 * could write itself into them, and we would push that.
 */
const decides = new RegExp(
  [
    /^\.(github|gitlab|gitea|forgejo|circleci|buildkite|woodpecker|semaphore|tekton|azure-pipelines)\//,
    /^\.?(gitlab-ci|travis|drone|woodpecker|cirrus|appveyor|azure-pipelines|bitbucket-pipelines)\.ya?ml$/,
    /^Jenkinsfile$/,
    /(^|\/)\.git[^/]*$/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

/** A file of a checkout. */
export interface CheckoutFile {
  path: string;
  content: Uint8Array;
}

function refused(message: string): SlipwayError {
  return new SlipwayError('artifact-invalid', message, {
    hint: 'Nothing was committed. The commands may change files of the repository that exist, at most 20 of them with 20 MB.',
  });
}

/** Throws where the folder of a path is not in the checkout any more, since a part of it is a link now. */
async function mustBeInside(root: string, path: string): Promise<void> {
  const [inner, outer] = [await realpath(dirname(join(root, path))), await realpath(root)];
  if (inner !== outer && !inner.startsWith(outer + sep)) {
    throw refused(`${JSON.stringify(path)} leads out of the repository.`);
  }
}

/** Writes files into a checkout that nobody else can enter yet. @throws SlipwayError git-failed, artifact-invalid */
export async function writeFiles(root: string, files: readonly CheckoutFile[]): Promise<void> {
  for (const { path, content } of files) {
    checkPath(path);
    await mkdir(dirname(join(root, path)), { recursive: true });
    await mustBeInside(root, path);
    const how = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    const file = await open(join(root, path), how);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  }
}

/** A stamp that changes when the file is written; undefined for what is no ordinary file. */
async function stampOf(path: string): Promise<{ stamp: string; size: number } | undefined> {
  const found = await lstat(path, { bigint: true });
  if (!found.isFile()) return undefined;
  return { stamp: `${found.ino} ${found.ctimeNs} ${found.size}`, size: Number(found.size) };
}

/** Every ordinary file of a checkout with its stamp, taken before the commands start. */
export async function checkoutStamps(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const stamp = await stampOf(path);
    if (stamp !== undefined) found.set(relative(root, path), stamp.stamp);
  }
  return found;
}

/**
 * The files of the checkout that the commands changed, in the order of their names. What they made besides (caches,
 * environments) is left behind. Read with the rights of the project's user.
 * @param original the content that a file had before
 * @throws SlipwayError artifact-invalid where a file was removed, is a link now, or there is too much
 */
export async function changedFiles(
  root: string,
  before: Map<string, string>,
  runAs: RunAs | undefined,
  original: (path: string) => Promise<Uint8Array | undefined>,
): Promise<CheckoutFile[]> {
  const touched: { path: string; size: number }[] = [];
  for (const [path, stamp] of before) {
    const now = await stampOf(join(root, path)).catch(() => undefined);
    if (now?.stamp === stamp) continue;
    const shown = JSON.stringify(path);
    if (now === undefined)
      throw refused(`The commands removed ${shown}, or it is no ordinary file any more.`);
    if (now.size > mostBytes) throw refused(`The commands left ${shown} with ${now.size} bytes.`);
    touched.push({ path, size: now.size });
  }
  if (touched.length > mostTouched) throw refused(`The commands wrote ${touched.length} files.`);
  const changed: CheckoutFile[] = [];
  let bytes = 0;
  for (const { path } of touched.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    await mustBeInside(root, path);
    const content = await read(join(root, path), runAs, mostBytes);
    const old = await original(path);
    if (old !== undefined && Buffer.compare(old, content) === 0) continue;
    if (decides.test(path))
      throw refused(`The commands changed ${JSON.stringify(path)}, which is no lock file.`);
    bytes += content.length;
    changed.push({ path: checkPath(path), content });
    if (changed.length > mostFiles) throw refused(`The commands changed more than ${mostFiles} files.`);
    if (bytes > mostBytes) throw refused(`The commands changed files of more than ${mostBytes} bytes.`);
  }
  return changed;
}
