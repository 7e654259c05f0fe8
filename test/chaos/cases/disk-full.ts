import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openArena } from '../arena.js';
import { atTheEnd } from '../processes.js';
import type { Case } from './case.js';
import { targetsOf, underHarm } from './keep-going.js';

const sizes = { full: 40, short: 8 };

/** A small file system in memory, or why there can be none. */
function mountSmall(): { folder: string; unmount: () => void } | string {
  if (process.platform !== 'linux') return 'a small file system is mounted on Linux only';
  if (process.getuid?.() !== 0) return 'only root may mount a small file system';
  const folder = mkdtempSync(join(tmpdir(), 'slipway-chaos-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    rmdirSync(folder);
    return 'this machine does not permit to mount a small file system';
  }
  const unmount = (): void => {
    execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
    rmdirSync(folder);
  };
  return { folder, unmount };
}

/** The disk of the journal fills up in the middle and is freed again; a person retries what had given up. */
export const diskFull: Case = {
  name: 'disk-full',
  what: 'no space for the journal, again and again',
  skip() {
    const small = mountSmall();
    if (typeof small === 'string') return small;
    small.unmount();
    return '';
  },
  async run({ size, random, mutation, progress }) {
    const small = mountSmall();
    if (typeof small === 'string') throw new Error(small);
    const forget = atTheEnd(small.unmount);
    const filler = join(small.folder, 'filler');
    try {
      const journal = join(small.folder, 'journal');
      const retryCodes = ['journal-full', 'storage-failed'];
      const arena = await openArena({
        random,
        bots: 1,
        workers: 3,
        concurrency: 3,
        mutation,
        journal,
        retryCodes,
      });
      try {
        const targets = targetsOf(74, sizes[size]);
        let rounds = 0;
        const harm = async (): Promise<void> => {
          await pause(random.between(500, 2_000));
          // The last page may go to either of us; that is the moment that is wanted.
          const { bavail, bsize } = await statfs(small.folder);
          await writeFile(filler, Buffer.alloc(bavail * bsize)).catch(() => undefined);
          rounds += 1;
          await pause(random.between(300, 5_000));
          await rm(filler, { force: true });
        };
        await underHarm(arena, targets, 6, harm, progress);
        const outcome = await arena.judge(targets);
        return { ...outcome, notes: [`full ${rounds} times`] };
      } finally {
        await arena.end();
      }
    } finally {
      forget();
      small.unmount();
    }
  },
};
