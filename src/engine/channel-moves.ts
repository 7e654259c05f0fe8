import { asSlipwayError, SlipwayError } from '../error.js';
import { sha256 } from '../release/canonical.js';
import { own } from '../release/own.js';
import type { ChannelFile } from '../release/project-state.js';
import type { Services } from '../steps/step.js';
import type { Engine } from './engine.js';

/** How often a lost race is decided again before it counts as a failure. */
const races = 20;

type Stores = Pick<Services, 'storage'>;

/**
 * Makes a channel what people last said of it: a pinned one serves what it is pinned to, one whose pin was lifted makes
 * the move that is owed. Idempotent: the event is written first, and whoever comes after a crash finishes. Returns the
 * version that it was moved to, '' where nothing is to be done. `by`: a person has just said it; else a pinned channel
 * that was moved by hand since is left alone.
 * @throws SlipwayError storage-failed | effect-differs when the archive no longer holds the bytes that were named
 */
export async function settleChannel(
  engine: Engine,
  project: string,
  channel: string,
  by: 'person' | 'start',
): Promise<string> {
  const state = await engine.projects.load(project);
  const isUnmoved = (file: ChannelFile, served: string): boolean => served === file.there;
  const pin = own(state?.pins ?? {}, channel);
  if (pin !== undefined) {
    await moveAll(engine, project, pin.version, pin.files, by === 'person' ? () => true : isUnmoved);
    return pin.version;
  }
  const move = own(state?.moving ?? {}, channel);
  if (move === undefined) return '';
  // Who has moved the channel since it was asked knew better.
  await moveAll(engine, project, move.version, move.files, isUnmoved);
  await engine.projects.update(project, (now) =>
    own(now?.moving ?? {}, channel) === undefined ? undefined : { type: 'channel.settled', channel },
  );
  return move.version;
}

/** Finishes what a crash has left of pins, in all projects. What fails is named and tried again at the next start. */
export async function settleChannels(engine: Engine): Promise<{ what: string; why: string }[]> {
  const failed: { what: string; why: string }[] = [];
  for (const project of await engine.projects.ids()) {
    try {
      const state = await engine.projects.load(project);
      const channels = new Set([...Object.keys(state?.pins ?? {}), ...Object.keys(state?.moving ?? {})]);
      for (const channel of channels) await settleChannel(engine, project, channel, 'start');
    } catch (error) {
      const { message, hint } = asSlipwayError(error);
      failed.push({ what: `channels of ${project}`, why: `${message} ${hint}`.trim() });
    }
  }
  return failed;
}

async function moveAll(
  engine: Engine,
  project: string,
  version: string,
  files: readonly ChannelFile[],
  may: (file: ChannelFile, served: string) => boolean,
): Promise<void> {
  const services = await engine.services(project, '');
  for (const file of files) await moveFile(services, version, file, may);
}

async function moveFile(
  services: Stores,
  version: string,
  file: ChannelFile,
  may: (file: ChannelFile, served: string) => boolean,
): Promise<void> {
  const storage = await services.storage(file.to.storage);
  const { key } = file.to;
  for (let turn = 0; turn < races; turn += 1) {
    const there = await storage.head(key);
    const isRight = there?.sha256 === file.sha256 && there.metadata['version'] === version;
    if (isRight || !may(file, there?.sha256 ?? '')) return;
    const bytes = await archivedBytes(services, file);
    const metadata = { version };
    // What it became is read at the next turn: only that counts.
    if (there === undefined) await storage.create(key, bytes, metadata);
    else await storage.replace(key, bytes, metadata, there.etag);
  }
  throw new SlipwayError(
    'storage-failed',
    `${storage.address}/${key} was moved by others ${races} times in a row.`,
    {
      retryable: true,
      hint: 'Say it again.',
    },
  );
}

/** The very bytes that were named, out of the archive. @throws SlipwayError effect-differs | storage-failed */
export async function archivedBytes(
  services: Stores,
  { artifact, from, sha256: wanted }: Pick<ChannelFile, 'artifact' | 'from' | 'sha256'>,
): Promise<Uint8Array> {
  const storage = await services.storage(from.storage);
  const bytes = await storage.read(from.key);
  const place = `${storage.address}/${from.key}`;
  if (bytes === undefined) {
    throw new SlipwayError('storage-failed', `The archive ${place} of "${artifact}" is gone.`, {
      hint: 'The channel was not changed. Put the archive back, then say it again.',
    });
  }
  if (sha256(bytes) === wanted) return bytes;
  throw new SlipwayError('effect-differs', `The archive ${place} does not hold the bytes that were named.`, {
    hint: 'The channel was not changed. Find out who has replaced the archive.',
  });
}
