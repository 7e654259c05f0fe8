import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SlipwayError } from '../error.js';
import { ownPackage } from '../package.js';
import { seedHistory } from './seed-history.js';

/** Where the parts of a sandbox are; all paths are absolute. */
export interface Sandbox {
  folder: string;
  /** slipway.yaml */
  config: string;
  /** The process file. */
  process: string;
  /** The bare repository that stands for the project's origin. */
  repo: string;
  /** The folders of the storages `releases` and `latest`. */
  storage: { releases: string; latest: string };
}

/**
 * Makes a small real project named kestrel with its history, its process and a `slipway.yaml`, to release for practice.
 * @param folder is made; it may exist if it is empty
 * @param options.path where `git` is looked up
 * @throws SlipwayError refused if there is something in the folder, git-failed
 */
export async function makeSandbox(folder: string, options: { path?: string } = {}): Promise<Sandbox> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true });
  if ((await readdir(root)).length > 0) {
    throw new SlipwayError('refused', `${root} is not empty`, { hint: 'Name a new folder for the sandbox.' });
  }
  const template = join(ownPackage().folder, 'presets', 'sandbox');
  const sandbox: Sandbox = {
    folder: root,
    config: join(root, 'slipway.yaml'),
    process: join(root, 'kestrel.yml'),
    repo: join(root, 'origin', 'kestrel.git'),
    storage: { releases: join(root, 'storage', 'releases'), latest: join(root, 'storage', 'latest') },
  };
  await seedHistory(
    sandbox.repo,
    join(template, 'repository'),
    options.path ?? '/usr/local/bin:/usr/bin:/bin',
  );
  await mkdir(sandbox.storage.releases, { recursive: true });
  await mkdir(sandbox.storage.latest, { recursive: true });
  await copyFile(join(template, 'kestrel.yml'), sandbox.process);
  // Last: a folder that has a slipway.yaml is whole.
  await copyFile(join(template, 'slipway.yaml'), sandbox.config);
  return sandbox;
}
