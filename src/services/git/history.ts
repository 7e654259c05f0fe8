import { SlipwayError } from '../../error.js';
import type { Git, HistoryEntry } from './git.js';
import { checkCommit } from './names.js';
import type { RunGit } from './run-git.js';

// A null separates the fields: neither a name nor a message can hold one.
const fields = ['%H', '%P', '%an', '%ct', '%B'];
const format = `--format=${fields.map((field) => `${field}%x00`).join('')}`;

/** Commits of a history as Git.history says. */
export async function history(
  run: RunGit,
  head: string,
  options: Parameters<Git['history']>[1],
): Promise<HistoryEntry[]> {
  const { since, limit, firstParent } = options;
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new SlipwayError('internal', `A history of ${limit} commits was asked for.`);
  }
  const range = [checkCommit(head), ...(since === undefined ? [] : [`^${checkCommit(since)}`])];
  const how = ['--date-order', '--encoding=UTF-8', '--no-commit-header', `--max-count=${limit}`, format];
  if (firstParent === true) how.push('--first-parent');
  const { stdout } = await run(['rev-list', ...how, '--end-of-options', ...range], {
    timeoutMs: 300_000,
    maxBytes: 512 * 1024 * 1024,
  });
  const parts = stdout.toString().split('\0');
  const entries: HistoryEntry[] = [];
  for (let at = 0; at + fields.length < parts.length; at += fields.length) {
    const [first = '', parents = '', author = '', date = '', text = ''] = parts.slice(at);
    const message = withoutLastNewlines(text);
    entries.push({
      commit: checkCommit(first.trim()),
      parents: parents.split(' ').filter(Boolean),
      author,
      date: Number(date) * 1000,
      subject: message.split('\n', 1)[0] ?? '',
      message,
    });
  }
  return entries;
}

/** A pattern would look at every run of newlines from each of its places: a message of nothing else would never end. */
function withoutLastNewlines(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return text.slice(0, end);
}

/** Whether `commit` is `head` or in its history, by any parent. */
export async function contains(run: RunGit, commit: string, head: string): Promise<boolean> {
  const range = ['--end-of-options', checkCommit(commit), checkCommit(head)];
  const { exit } = await run(['merge-base', '--is-ancestor', ...range], {
    answers: [1],
    timeoutMs: 300_000,
  });
  return exit === 0;
}

/**
 * Those of `heads` that contain `commit`. Whoever may push can let a tag name a file or a folder: these contain nothing.
 */
export async function mergedInto(run: RunGit, commit: string, heads: string[]): Promise<string[]> {
  const { stdout } = await run(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    input: heads.map((head) => `${checkCommit(head)}\n`).join(''),
  });
  const kinds = new Map(
    stdout
      .toString()
      .split('\n')
      .map((line) => [line.slice(0, 40), line.slice(41)]),
  );
  const commits = heads.filter((head) => !['blob', 'tree'].includes(kinds.get(head) ?? ''));
  // One walk for all: a project has thousands of tags, and whoever may push can make more.
  const range = [...commits, `^${checkCommit(commit)}`].map((one) => `${one}\n`).join('');
  const behind = await run(['rev-list', '--ancestry-path', '--stdin'], {
    input: range,
    timeoutMs: 300_000,
    maxBytes: 512 * 1024 * 1024,
  });
  const after = new Set(behind.stdout.toString().split('\n'));
  return commits.filter((head) => head === commit || after.has(head));
}

/** Subjects of first-parent commits as Git.subjects says. */
export async function subjects(
  run: RunGit,
  from: string | undefined,
  to: string,
): Promise<{ commit: string; subject: string }[]> {
  const range = from === undefined ? [to] : [to, `^${from}`];
  const options = ['--first-parent', '--no-commit-header', '--format=%H %s'];
  if (from === undefined) options.push('--max-count=1000');
  const { stdout } = await run(['rev-list', ...options, '--end-of-options', ...range]);
  const lines = stdout.toString().split('\n').filter(Boolean);
  return lines.map((line) => ({ commit: line.slice(0, 40), subject: line.slice(41) }));
}
