import { execFile } from 'node:child_process';
import { SlipwayError } from '../error.js';

/**
 * Runs git in a folder, without anything of the person's own settings (hooks, signing, default branch).
 * @param path where `git` is looked up
 * @param input what it reads from its standard input
 * @returns what it wrote to its standard output
 * @throws SlipwayError git-failed with its own words
 */
export function gitIn(folder: string, path: string, args: string[], input = ''): Promise<string> {
  const env = {
    PATH: path,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    LC_ALL: 'C',
  };
  return new Promise((resolve, reject) => {
    const child = execFile('git', args, { cwd: folder, env }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const hint = 'Is git installed, and may this folder be written?';
      reject(
        new SlipwayError('git-failed', `git ${args[0] ?? ''}: ${stderr.trim() || error.message}`, { hint }),
      );
    });
    // If git ends before it has read everything, its own message says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
