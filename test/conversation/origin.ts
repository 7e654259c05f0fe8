import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';

const who = 'Cat Moreau';
const mail = 'cat@example.com';

function git(repo: string, args: string[], more: { input?: string; index?: string } = {}): Promise<string> {
  return new Promise((resolve, refuse) => {
    const child = execFile(
      'git',
      ['--git-dir', repo, ...args],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_NAME: who,
          GIT_AUTHOR_EMAIL: mail,
          GIT_COMMITTER_NAME: who,
          GIT_COMMITTER_EMAIL: mail,
          ...(more.index !== undefined && { GIT_INDEX_FILE: more.index }),
        },
      },
      (error, stdout, stderr) => (error === null ? resolve(stdout.trim()) : refuse(new Error(stderr))),
    );
    // Most commands read nothing and are gone before this.
    child.stdin?.on('error', () => undefined).end(more.input ?? '');
  });
}

/** The bare repository of a sandbox, as the people who work on the project change it. */
export interface Origin {
  /** Commits files (undefined removes one) to a branch that exists; returns the commit. */
  commit(branch: string, files: Record<string, string | undefined>, message?: string): Promise<string>;
  /** All refs with the commit that each names. */
  refs(): Promise<Record<string, string>>;
  /** The text of a file at a ref. */
  read(ref: string, path: string): Promise<string>;
  /** Moves or makes a ref. */
  point(ref: string, to: string): Promise<void>;
  remove(ref: string): Promise<void>;
}

/** Opens the origin for people. */
export function openOrigin(repo: string): Origin {
  return {
    async commit(branch, files, message = 'fix: something') {
      const index = join(tmpdir(), `slipway-index-${randomUUID()}`);
      const parent = await git(repo, ['rev-parse', `refs/heads/${branch}`]);
      await git(repo, ['read-tree', parent], { index });
      for (const [path, content] of Object.entries(files)) {
        if (content === undefined) {
          const gone = `0 ${'0'.repeat(40)}\t${path}\n`;
          await git(repo, ['update-index', '--index-info'], { index, input: gone });
          continue;
        }
        const blob = await git(repo, ['hash-object', '-w', '--stdin'], { input: content });
        await git(repo, ['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { index });
      }
      const tree = await git(repo, ['write-tree'], { index });
      await rm(index, { force: true });
      const commit = await git(repo, ['commit-tree', tree, '-p', parent, '-m', message]);
      await git(repo, ['update-ref', `refs/heads/${branch}`, commit, parent]);
      return commit;
    },
    async refs() {
      const text = await git(repo, ['for-each-ref', '--format=%(refname) %(objectname) %(*objectname)']);
      return Object.fromEntries(
        text.split('\n').map((line) => {
          const [ref = '', object = '', peeled = ''] = line.split(' ');
          return [ref, peeled === '' ? object : peeled];
        }),
      );
    },
    read: (ref, path) => git(repo, ['show', `${ref}:${path}`]),
    point: async (ref, to) => void (await git(repo, ['update-ref', ref, to])),
    remove: async (ref) => void (await git(repo, ['update-ref', '-d', ref])),
  };
}
