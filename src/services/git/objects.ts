import { join } from 'node:path';
import { SlipwayError } from '../../error.js';
import type { Git, GitIdentity } from './git.js';
import { withScratch } from './mirror.js';
import { checkCommit, checkPath, checkRef } from './names.js';
import type { RunGit } from './run-git.js';

/** One entry of a tree. */
export interface TreeEntry {
  mode: string;
  type: string;
  sha: string;
  path: string;
}

function failed(message: string, hint = ''): SlipwayError {
  return new SlipwayError('git-failed', message, { hint });
}

/** The entries at these paths of a commit; a path that is not there gives none. Folders are entries too. */
export async function entriesAt(run: RunGit, commit: string, paths: string[]): Promise<TreeEntry[]> {
  const args = ['ls-tree', '-z', '-t', '--full-tree', '--end-of-options', commit, ...paths] as const;
  const { stdout } = await run([...args]);
  const entries: TreeEntry[] = [];
  for (const line of stdout.toString().split('\0')) {
    const [, mode, type, sha, path] = /^(\d+) (\w+) ([0-9a-f]+)\t([^]+)$/.exec(line) ?? [];
    if (mode === undefined || type === undefined || sha === undefined || path === undefined) continue;
    if (paths.includes(path)) entries.push({ mode, type, sha, path });
  }
  return entries;
}

/** Throws git-failed where the entry is not an ordinary file. */
export function mustBeFile(entry: TreeEntry): void {
  if (entry.mode.startsWith('100')) return;
  const kind = entry.mode === '120000' ? 'a symlink' : entry.type === 'tree' ? 'a folder' : 'a submodule';
  throw failed(`${entry.path} is ${kind} and not a file.`, 'Name an ordinary file of the repository.');
}

/** Name, address and time as they stand in an object; `date` in ms. @throws SlipwayError git-failed */
export function signature(identity: GitIdentity, date: number): string {
  const { name, email } = identity;
  // Angle brackets and line ends would let a name write its own headers.
  if (!/^[^<>\p{Cc}]*[^<>\p{Cc}\s][^<>\p{Cc}]*$/u.test(name) || !/^[^<>\p{Cc}\s]+$/u.test(email)) {
    throw failed('The identity of commits is not a name and an address.', 'Set git.identity.');
  }
  const seconds = Math.floor(date / 1000);
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw failed('The date of the commit is not a date.');
  return `${name.trim()} <${email}> ${seconds} +0000`;
}

function body(message: string): string {
  if (message.includes('\0')) throw failed('The message holds a null character.');
  return message.endsWith('\n') ? message : `${message}\n`;
}

/** Writes an object into the mirror; its sha. */
export async function write(
  run: RunGit,
  type: 'blob' | 'commit' | 'tree',
  content: Uint8Array | string,
): Promise<string> {
  const { stdout } = await run(['hash-object', '-t', type, '-w', '--no-filters', '--stdin'], {
    input: content,
  });
  return checkCommit(stdout.toString().trim());
}

function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

/**
 * Makes a commit as Git.makeCommit says. The commit is written as text and not with commit-tree, so that no version or
 * setting of git has a say in its bytes.
 */
export async function makeCommit(
  run: RunGit,
  mirror: string,
  spec: Parameters<Git['makeCommit']>[0],
): Promise<string> {
  const parent = checkCommit(spec.parent);
  const paths = spec.files.map((file) => checkPath(file.path));
  if (new Set(paths).size < paths.length) throw failed('A file is named twice in one commit.');
  const by = signature(spec.identity, spec.date);
  const message = body(spec.message);

  const folders = [...new Set(paths.flatMap(foldersOf))];
  const mixed = paths.find((path) => folders.includes(path));
  if (mixed !== undefined) throw failed(`${mixed} is to be a file and a folder in one commit.`);
  const modes = new Map<string, string>();
  if (paths.length > 0) {
    for (const entry of await entriesAt(run, parent, [...folders, ...paths])) {
      // The index would replace a file by a folder, or a folder by a file, without a word.
      if (!folders.includes(entry.path)) mustBeFile(entry);
      else if (entry.type !== 'tree')
        throw failed(`${entry.path} is not a folder at ${parent.slice(0, 10)}.`);
      modes.set(entry.path, entry.mode);
    }
  }

  const tree = await withScratch(mirror, async (scratch) => {
    const environment = { GIT_INDEX_FILE: join(scratch, 'index') };
    await run(['read-tree', '--end-of-options', parent], { environment });
    const lines: string[] = [];
    for (const file of spec.files) {
      const sha = await write(run, 'blob', file.content);
      lines.push(`${modes.get(file.path) ?? '100644'} ${sha} 0\t${file.path}\0`);
    }
    await run(['update-index', '-z', '--index-info'], { environment, input: lines.join('') });
    const { stdout } = await run(['write-tree'], { environment });
    return checkCommit(stdout.toString().trim());
  });
  return write(run, 'commit', `tree ${tree}\nparent ${parent}\nauthor ${by}\ncommitter ${by}\n\n${message}`);
}

/** Makes an annotated tag as Git.makeTag says. */
export async function makeTag(run: RunGit, spec: Parameters<Git['makeTag']>[0]): Promise<string> {
  checkRef(`refs/tags/${spec.name}`);
  const by = signature(spec.identity, spec.date);
  const head = `object ${checkCommit(spec.commit)}\ntype commit\ntag ${spec.name}\ntagger ${by}\n`;
  const { stdout } = await run(['mktag'], { input: `${head}\n${body(spec.message)}` });
  return checkCommit(stdout.toString().trim());
}

function decode(bytes: Buffer, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes);
  } catch {
    return bytes.toString('utf8'); // an encoding that nobody knows
  }
}

/**
 * The values of the headers of that name. Only a newline ends a header: a carriage return or a line separator in a name,
 * which regular expressions take for a line end too, would let an author write headers.
 */
function headersOf(head: string, name: string): string[] {
  return head
    .split('\n')
    .flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
}

/**
 * Reads a commit as Git.readCommit says. `author` is the header as it stands: name, address, seconds and time zone.
 */
export async function readCommit(
  run: RunGit,
  commit: string,
): Promise<Awaited<ReturnType<Git['readCommit']>> & { author: string }> {
  const { stdout } = await run(['cat-file', 'commit', checkCommit(commit)]);
  const end = stdout.indexOf('\n\n');
  const bytes = stdout.subarray(0, end < 0 ? stdout.length : end);
  const encoding = headersOf(bytes.toString(), 'encoding')[0];
  const head = decode(bytes, encoding);
  const [tree] = headersOf(head, 'tree');
  const [author = ''] = headersOf(head, 'author');
  const date = / (\d+) [+-]\d+$/.exec(author)?.[1];
  if (tree === undefined || date === undefined) throw failed(`Commit ${commit} cannot be read.`);
  const parents = headersOf(head, 'parent').filter((sha) => /^[0-9a-f]{40}$/.test(sha));
  let text = end < 0 ? '' : decode(stdout.subarray(end + 2), encoding);
  while (text.endsWith('\n')) text = text.slice(0, -1);
  return { tree, parents, message: text, date: Number(date), author };
}
