import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { livingOwner } from '../src/app/owner.js';
import { dataFolder, openRecords, readInstallation } from '../src/app/wire.js';
import { plain } from '../src/chat/views/plain.js';
import { readEnvironment } from '../src/config.js';
import { copyRecords } from '../src/engine/copy.js';
import { verifyJournal } from '../src/engine/verify.js';
import { SlipwayError } from '../src/error.js';
import { folderRecords } from '../src/services/records/folder.js';
import { openReader, verbNames } from './environment.js';

/**
 * Copies the journal and, for a folder installation, its key into a new folder. The key can approve: keep the backup as you
 * keep the key.
 * @throws SlipwayError refused where the folder holds something that is no backup
 */
export async function backup(folder: string): Promise<number> {
  const environment = readEnvironment();
  const installation = await readInstallation(environment, verbNames);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A key among other things, in a folder that others may read, is what nobody means.
  const other = (await readdir(folder)).find((name) => name !== 'records' && name !== 'keys');
  if (other !== undefined)
    throw new SlipwayError('refused', `${folder} holds something else: ${plain(other)}`, {
      hint: 'Nothing was copied. Name a new folder.',
    });
  const copied = await copyRecords(
    await openRecords(installation, environment),
    folderRecords(join(folder, 'records')),
    progress,
  );
  await copyKeys(join(dataFolder(environment), 'keys'), join(folder, 'keys'));
  process.stdout.write(
    `${copied} records are in ${folder}, with the journal key.\nNext, on the machine that takes over: slipway restore ${folder}\n`,
  );
  return 0;
}

/** Brings a backup back into an empty journal, then verifies all of it. */
export async function restore(folder: string): Promise<number> {
  const environment = readEnvironment();
  const installation = await readInstallation(environment, verbNames);
  const records = await openRecords(installation, environment);
  const owner = await livingOwner(records);
  if (owner !== undefined)
    throw new SlipwayError('journal-owned', `Process ${owner.pid} owns ${records.place}.`, {
      hint: 'Nothing was restored. Stop it first.',
    });
  const kept = folderRecords(join(folder, 'records'));
  const key = await readFile(join(folder, 'keys', 'journal.key')).catch(() => undefined);
  if (key === undefined && (await kept.names('')).length === 0)
    throw new SlipwayError('not-found', `${folder} holds no backup.`, {
      hint: 'Nothing was restored. Name the folder that slipway backup was given.',
    });
  await requireNoOtherKey(join(folder, 'keys'), join(dataFolder(environment), 'keys'));
  const copied = await copyRecords(kept, records, progress);
  await copyKeys(join(folder, 'keys'), join(dataFolder(environment), 'keys'));
  const { problems, runs, events } = await verifyJournal((await openReader(environment)).engine);
  process.stdout.write(`${copied} records restored: ${runs} runs, ${events} events.\n`);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

/** A start on the new machine has made a key of its own, with which nothing of the backup could be believed. */
async function requireNoOtherKey(from: string, to: string): Promise<void> {
  const [theirs, ours] = await Promise.all(
    [from, to].map((folder) => readFile(join(folder, 'journal.key'), 'utf8').catch(() => undefined)),
  );
  if (theirs === undefined || ours === undefined || theirs === ours) return;
  throw new SlipwayError('refused', `${to} holds another journal key than the backup.`, {
    hint: 'Nothing was restored. If nothing was released with it yet, move that folder away and restore again.',
  });
}

async function copyKeys(from: string, to: string): Promise<void> {
  // A bucket installation has its key in the environment.
  await cp(from, to, { recursive: true, force: false, errorOnExist: false }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    },
  );
}

function progress(copied: number, all: number): void {
  if (process.stderr.isTTY && (copied % 100 === 0 || copied === all))
    process.stderr.write(`\r${copied} of ${all} records${copied === all ? '\n' : ''}`);
}
