import { SlipwayError } from '../../error.js';

const longest = 200;

function refused(what: string, name: string, why: string): SlipwayError {
  // The name is hostile until proved otherwise: JSON shows control characters as escapes.
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  return new SlipwayError('git-failed', `${what} ${shown} is refused: ${why}.`, {
    hint: `Use another ${what}.`,
  });
}

/** Rules of git-check-ref-format, and those that keep a name from being read as an option, a revision or a sha. */
const refRules: [RegExp, string][] = [
  [/[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Cs}]/u, 'it holds a space, control or invisible character'],
  [/[~^:?*[\\]/, 'it holds one of ~ ^ : ? * [ \\'],
  [/\.\./, 'it holds ..'],
  [/@\{/, 'it holds @{'],
  [/\/\/|\/$/, 'it has an empty part'],
  [/(^|\/)\./, 'a part begins with a dot'],
  [/(^|\/)-/, 'a part begins with a dash'],
  [/\.lock(\/|$)/i, 'a part ends with .lock'],
  [/\.$/, 'it ends with a dot'],
  [/^refs\/(heads|tags)\/(HEAD|@|[0-9a-f]{40}|[0-9a-f]{64})$/, 'git would read it as something else'],
];

const isFullName = /^refs\/[^/]+\/./;

/** Returns a full ref name (`refs/heads/x`), or throws git-failed where it could be misread or is not allowed by git. */
export function checkRef(ref: string): string {
  if (ref.length > longest) throw refused('ref', ref, `it is longer than ${longest} characters`);
  const broken = refRules.find(([pattern]) => pattern.test(ref));
  if (broken !== undefined) throw refused('ref', ref, broken[1]);
  if (!isFullName.test(ref)) throw refused('ref', ref, 'it is not a full name like refs/heads/main');
  return ref;
}

/** Whether `checkRef` takes this name. */
export function isRef(ref: string): boolean {
  return ref.length <= longest && !refRules.some(([pattern]) => pattern.test(ref)) && isFullName.test(ref);
}

/** Returns a full lower-case sha-1 of an object, or throws git-failed. The null sha names nothing and is refused. */
export function checkCommit(sha: string): string {
  if (!/^[0-9a-f]{40}$/.test(sha) || /^0+$/.test(sha)) {
    throw refused('commit', sha, 'it is not a full sha of 40 digits');
  }
  return sha;
}

/** Whether a file system could take this part of a path for `.git` (case, ignorable characters, trailing dots). */
function isDotGit(part: string): boolean {
  const plain = part
    .replace(/\p{Cf}/gu, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return plain === '.git' || plain === 'git~1';
}

/** Returns a path inside a repository (`a/b.txt`), or throws git-failed where it could lead out of it or into `.git`. */
export function checkPath(path: string): string {
  if (path === '') throw refused('path', path, 'it is empty');
  if (path.length > 1_000) throw refused('path', path, 'it is longer than 1000 characters');
  if (/[\p{Cc}\p{Cs}\\]/u.test(path))
    throw refused('path', path, 'it holds a control character or a backslash');
  for (const part of path.split('/')) {
    if (part === '') throw refused('path', path, 'it is absolute or has an empty part');
    if (part === '.' || part === '..') throw refused('path', path, `it holds ${part}`);
    if (isDotGit(part)) throw refused('path', path, 'it leads into .git');
  }
  return path;
}
