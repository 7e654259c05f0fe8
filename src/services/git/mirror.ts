import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlipwayError } from '../../error.js';
import { runGit, type GitSetting, type RunGit } from './run-git.js';

const ourSettings = new Set([
  'core.repositoryformatversion',
  'core.filemode',
  'core.bare',
  'core.symlinks',
  'core.ignorecase',
  'core.precomposeunicode',
]);

async function checkVersion(setting: GitSetting): Promise<void> {
  const { stdout } = await runGit(setting, ['version']);
  const found = /(\d+)\.(\d+)/.exec(stdout.toString());
  const [major, minor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  if (major > 2 || (major === 2 && minor >= 38)) return;
  throw new SlipwayError(
    'git-failed',
    `git is ${found?.[0] ?? 'of unknown version'}; 2.38 or newer is needed.`,
    {
      hint: 'Install a newer git.',
    },
  );
}

/** The names of settings in the mirror's own file, or undefined where there is no mirror yet. */
async function settingsOf(setting: GitSetting, mirror: string): Promise<string[] | undefined> {
  const args: [string, ...string[]] = [
    'config',
    '--file',
    join(mirror, 'config'),
    '--no-includes',
    '-z',
    '--list',
  ];
  const { exit, stdout } = await runGit(setting, [...args, '--name-only'], { answers: [1, 128] });
  if (exit !== 0) return undefined;
  return stdout.toString().split('\0').filter(Boolean);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}

/**
 * Opens the bare mirror, and makes it first where it is not there. Several processes may do so at the same time: each
 * makes its own and renames it, one wins. A mirror whose settings are not just ours is refused, since a setting can
 * name a program.
 */
export async function openMirror(mirror: string, setting: GitSetting): Promise<RunGit> {
  await checkVersion(setting);
  if ((await settingsOf(setting, mirror)) === undefined) {
    await mkdir(dirname(mirror), { recursive: true });
    const own = await mkdtemp(`${mirror}.new-`);
    try {
      await runGit(setting, ['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '--', own]);
      await rename(own, mirror);
    } catch (error) {
      await rm(own, { recursive: true, force: true });
      if (!isTaken(error)) throw error;
    }
  }
  const settings = await settingsOf(setting, mirror);
  if (settings === undefined) {
    throw new SlipwayError('git-failed', `${mirror} is not a mirror of Slipway.`, {
      hint: 'Move this folder away.',
    });
  }
  const foreign = settings.find((name) => !ourSettings.has(name));
  if (foreign !== undefined) {
    throw new SlipwayError(
      'git-failed',
      `The mirror ${mirror} holds the setting ${foreign}, which is not ours.`,
      {
        hint: 'Remove the mirror; it is made again from the remote.',
      },
    );
  }
  const bound: GitSetting = { ...setting, gitDir: mirror };
  return (args, call) => runGit(bound, args, call);
}

/** Runs `work` with a new private folder inside the mirror, for a temporary index; the folder is removed afterwards. */
export async function withScratch<T>(mirror: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(mirror, 'scratch-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
