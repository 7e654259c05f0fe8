import { chmod, lchown, lstat, mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlipwayError } from '../../error.js';
import { plainPath } from './minimal-environment.js';
import type { RunAs } from './run-as.js';
import { runCommand } from './run-command.js';

/** The folder of one attempt. */
export interface Workspace {
  folder: string;
  /** HOME and TMPDIR of the project's commands; both exist. */
  home: string;
  tmp: string;
  /** Where the tree goes; it does not exist yet. */
  checkout: string;
  /**
   * Gives everything to the user of `runAs`; call it once, when the checkout is there and before the first command.
   * Until then nobody but us can enter, so that nobody can lead us astray while we write.
   */
  handOver(): Promise<void>;
  /** Removes the folder, also where files in it are read-only. */
  remove(): Promise<void>;
}

async function walk(
  folder: string,
  visit: (path: string, isFolder: boolean) => Promise<void>,
): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, visit);
    await visit(path, entry.isDirectory());
  }
}

/** Throws isolation-missing where the user could not reach the folder, which otherwise shows as a puzzling failure. */
async function checkReachable(folder: string, runAs: RunAs): Promise<void> {
  const found = await lstat(folder);
  const bit = found.uid === runAs.uid ? 0o100 : found.gid === runAs.gid ? 0o010 : 0o001;
  if ((found.mode & bit) === 0 && !found.isSymbolicLink()) {
    throw new SlipwayError('isolation-missing', `User ${runAs.uid} cannot enter ${folder}.`, {
      hint: `Put the work folder elsewhere, or allow it: chmod o+x ${folder}`,
    });
  }
  if (dirname(folder) !== folder) await checkReachable(dirname(folder), runAs);
}

/** Lets the owner remove read-only folders. Only for our own user: root would follow a swapped link. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

async function removeOwn(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3, retryDelay: 100 };
  try {
    await rm(folder, options);
  } catch {
    await makeWritable(folder);
    await rm(folder, options);
  }
}

/**
 * Removes with the rights of the project's user: a process that it left behind could swap a folder for a link while root
 * removes, and then root would remove what the link points at.
 */
async function removeAs(folder: string, runAs: RunAs): Promise<void> {
  const parts = (await readdir(folder)).map((name) => join(folder, name));
  const common = {
    folder: '/',
    env: { PATH: plainPath },
    runAs,
    timeoutMs: 300_000,
    onOutput: () => undefined,
  };
  if (parts.length > 0) {
    await runCommand({ ...common, argv: ['chmod', '-R', 'u+rwX', '--', ...parts] });
    await runCommand({ ...common, argv: ['rm', '-rf', '--', ...parts] });
  }
  await rmdir(folder).catch((cause: unknown) => {
    throw new SlipwayError('command-failed', `The work folder ${folder} could not be emptied.`, {
      cause,
      hint: 'A process of the project may still write there; end it and remove the folder.',
    });
  });
}

/** Makes a new folder (0700) under `root`, which is made where it is not there. */
export async function makeWorkspace(root: string, runAs?: RunAs): Promise<Workspace> {
  await mkdir(root, { recursive: true, mode: 0o711 });
  if (runAs !== undefined) await checkReachable(root, runAs);
  const folder = await mkdtemp(join(root, 'work-'));
  const [home, tmp] = [join(folder, 'home'), join(folder, 'tmp')];
  await mkdir(home, { mode: 0o700 });
  await mkdir(tmp, { mode: 0o700 });
  let isHandedOver = false;
  return {
    folder,
    home,
    tmp,
    checkout: join(folder, 'checkout'),

    async handOver() {
      if (runAs === undefined) return;
      if (isHandedOver) throw new SlipwayError('internal', 'A workspace is handed over once.');
      isHandedOver = true;
      const { uid, gid } = runAs;
      await walk(folder, (path) => lchown(path, uid, gid));
      // The outermost folder is the door, and goes last.
      await lchown(folder, uid, gid);
    },

    async remove() {
      const isThere = await lstat(folder).catch(() => undefined);
      if (isThere === undefined) return;
      if (runAs !== undefined && isHandedOver) await removeAs(folder, runAs);
      else await removeOwn(folder);
    },
  };
}
