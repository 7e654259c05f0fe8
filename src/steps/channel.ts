import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { ChannelSettings } from '../process/kinds/storage.js';
import { sha256 } from '../release/canonical.js';
import { decideChannel, type LineVersions } from '../release/channel.js';
import { pinWords, type Pin } from '../release/project-state.js';
import { schemeOf } from '../release/versions/index.js';
import type { Storage, Stored } from '../services/storage/storage.js';
import { furthest } from './newest-commit.js';
import { builtArtifact, newestCommit } from './outputs.js';
import { pinnedAim, pinnedBytes } from './pinned.js';
import { defineStep, type Found, type RunFacts, type StepContext } from './step.js';

type Config = z.infer<typeof ChannelSettings>;
type Context = StepContext<Config, 'storage' | 'lines' | 'git' | 'pinOf' | 'archived'>;

interface Output {
  channels: { [channel: string]: string };
  [key: string]: { [channel: string]: string };
}

/** Points release channels at what they should serve now. Computed, and written only if nobody else wrote since it was read. */
export const channel = defineStep({
  name: 'channel',
  config: ChannelSettings,
  needs: ['storage', 'lines', 'git', 'pinOf', 'archived'] as const,
  public: () => 'reversible',
  effect: () => 'conditional',
  plan: ({ move, to }, facts) => {
    const what = facts.kind === 'none' ? `${facts.version} of ${facts.commit.slice(0, 7)}` : facts.version;
    return `Point ${move.join(', then ')} at ${to ?? what}`;
  },
  async find(context): Promise<Found<Output>> {
    const pointers = (await Promise.all(context.config.move.map((name) => look(context, name)))).flat();
    // What would be left at a candidate of the line that ends is no success: the run of it says why.
    const isLeft = pointers.every(({ wanted }) => isOfLine(context.facts, wanted));
    const isOurs = context.facts.kind === 'end' ? !isLeft : pointers.some((pointer) => pointer.ours);
    // Where all is pinned nothing was done: the run of it says why.
    if (!isOurs || pinsOf(pointers) !== undefined || !pointers.every(isRight)) return { is: 'absent' };
    return { is: 'same', output: outputOf(pointers), proof: proofOf(pointers) };
  },
  async run(context) {
    const pointers: Pointer[] = [];
    // One after another, in the order that is written: stable moves last.
    for (const name of context.config.move) pointers.push(...(await move(context, name)));
    const pinned = pinsOf(pointers);
    if (pinned !== undefined) return { result: 'skipped', reason: pinned };
    const isKept =
      context.facts.kind === 'end' && pointers.every(({ wanted }) => isOfLine(context.facts, wanted));
    if (isKept) {
      const why = pointers.some(({ note }) => note !== '') ? 'left' : 'nothing is stable yet';
      return { result: 'skipped', reason: `${why}: ${proofOf(pointers)}` };
    }
    if (pointers.every((pointer) => !pointer.ours) && context.facts.kind !== 'end') {
      return { result: 'skipped', reason: `older: ${proofOf(pointers)}` };
    }
    return { result: 'done', output: outputOf(pointers), proof: proofOf(pointers) };
  },
});

/** Why nothing moves where every channel is pinned; undefined: some are not. */
function pinsOf(pointers: Pointer[]): string | undefined {
  const pins = pointers.flatMap(({ pin }) => pin ?? []);
  if (pins.length < pointers.length) return undefined;
  const words = new Map(pins.map((pin) => [pin.channel, pinWords(pin)]));
  const [only = ''] = words.values();
  return words.size === 1 ? only : [...words].map(([name, why]) => `${name} ${why}`).join(', ');
}

/** Whether a version is a candidate of the run's own line. */
function isOfLine({ target, scheme }: RunFacts, version: string): boolean {
  return schemeOf(scheme).parse(version)?.line === target;
}

interface Pointer {
  channel: string;
  artifact: string;
  storage: Storage;
  key: string;
  there: Stored | undefined;
  /** The version that it should serve; '' when there is nothing to serve yet. */
  wanted: string;
  /** It should serve what this run has built. */
  ours: boolean;
  /** Digest and commit of what it should serve when that is ours, else ''. */
  sha256: string;
  commit: string;
  /** What people should know of it besides, or ''. */
  note: string;
  /** What keeps it where it is. */
  pin?: Pin;
}

/** What does not parse comes first: a hand-made pointer never wins over a release. */
function comparerOf(facts: RunFacts): (a: string, b: string) => number {
  const scheme = schemeOf(facts.scheme);
  return (a, b) => {
    const [left, right] = [scheme.parse(a), scheme.parse(b)];
    if (left === undefined || right === undefined)
      return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1);
    return scheme.compare(left, right);
  };
}

/** How often a lost race is decided again before it counts as a failure. */
const races = 20;

async function move(context: Context, name: string): Promise<Pointer[]> {
  // What a pointer said before it was written is gone by the next look.
  const said = new Map<string, string>();
  for (let turn = 0; turn < races; turn += 1) {
    const pointers = await Promise.all(
      (await look(context, name)).map(async (one) => (isRight(one) ? one : leftByHand(context, one))),
    );
    const wrong = pointers.filter((pointer) => !isRight(pointer));
    if (wrong.length === 0)
      return pointers.map((pointer) => ({ ...pointer, note: said.get(pointer.key) ?? pointer.note }));
    for (const pointer of wrong) {
      said.set(pointer.key, pointer.note);
      await write(context, pointer);
    }
  }
  throw new SlipwayError(
    'storage-failed',
    `The channel ${name} was moved by others ${races} times in a row.`,
    { retryable: true },
  );
}

async function write(context: Context, pointer: Pointer): Promise<void> {
  const { storage, key, there, wanted, commit } = pointer;
  const bytes = await bytesOf(context, pointer);
  const metadata = { version: wanted, run: context.facts.run, ...(commit !== '' && { commit }) };
  await context.effect(() =>
    there === undefined
      ? storage.create(key, bytes, metadata)
      : storage.replace(key, bytes, metadata, there.etag),
  );
}

async function bytesOf(context: Context, pointer: Pointer): Promise<Uint8Array> {
  const { before, blobs, services } = context;
  if (pointer.ours) return blobs.get(builtArtifact(before, pointer.artifact).sha256);
  if (pointer.pin !== undefined) return pinnedBytes(pointer.pin, pointer.artifact, services.storage);
  const bytes = (await stableBytes(context, pointer)) ?? (await archivedBytes(context, pointer));
  if (bytes !== undefined) return bytes;
  throw new SlipwayError(
    'storage-failed',
    `The channel ${pointer.channel} should serve ${pointer.wanted}, and its archive is gone.`,
    { hint: `Nothing was changed in ${pointer.channel}. Put the archive back, then retry.` },
  );
}

/** What stable serves, where that is the version that is wanted. */
async function stableBytes({ facts, services }: Context, pointer: Pointer): Promise<Uint8Array | undefined> {
  const stable = facts.channels.stable;
  const key = stable?.files[pointer.artifact];
  if (stable === undefined || key === undefined) return undefined;
  const store = await services.storage(stable.storage);
  const served = await store.head(key);
  const bytes = await store.read(key);
  const says = served?.metadata.version ?? '';
  // Bytes that somebody has moved meanwhile, or that say another version, would get a wrong name.
  const isMeant =
    bytes !== undefined && sha256(bytes) === served?.sha256 && (says === '' || says === pointer.wanted);
  return isMeant ? bytes : undefined;
}

/** What was built and stored under that version: stable does not serve it, such as the candidate of another line. */
async function archivedBytes(
  { services }: Context,
  { channel: name, wanted, artifact }: Pointer,
): Promise<Uint8Array | undefined> {
  const found = await services.archived(name, wanted, artifact);
  return found.is === 'there' ? found.bytes : undefined;
}

/** A pointer that should serve what was released by hand stays as it is: nobody here ever had those bytes. */
async function leftByHand(context: Context, pointer: Pointer): Promise<Pointer> {
  const { ours, pin, wanted, channel: name, artifact, there } = pointer;
  if (ours || pin !== undefined || (await stableBytes(context, pointer)) !== undefined) return pointer;
  if ((await context.services.archived(name, wanted, artifact)).is !== 'by-hand') return pointer;
  const note = `(${wanted} was made by hand; slipway point ${name} ${wanted} lets it serve that)`;
  return { ...pointer, wanted: there?.metadata.version ?? '', note };
}

async function look(context: Context, name: string): Promise<Pointer[]> {
  const { facts, before, services } = context;
  const channel = facts.channels[name];
  if (channel === undefined)
    throw new SlipwayError('config-invalid', `The process has no channel "${name}".`);
  const storage = await services.storage(channel.storage);
  const lines = channel.order === 'commit' ? [] : await linesWith(services, facts);
  const pin = await services.pinOf(name);
  const stable = channel.released ? undefined : await services.pinOf('stable');
  return Promise.all(
    Object.entries(channel.files).map(async ([artifact, key]) => {
      const place = { channel: name, artifact, storage, key, there: await storage.head(key) };
      if (pin !== undefined) return { ...place, ...pinnedAim(pin, artifact, place.there, facts.run) };
      if (channel.order === 'commit') return { ...place, ...(await furthestOf(context, place)) };
      const decided = decide(name, lines, place.there, facts);
      // What follows stable serves what stable serves, also where that is pinned.
      const follows = stable !== undefined && schemeOf(facts.scheme).parse(decided)?.candidate === undefined;
      const wanted = follows && decided !== facts.version ? stable.version : decided;
      return { ...place, ...asBuilt(context, artifact, wanted, newestCommit(before, facts.commit).commit) };
    }),
  );
}

type Aim = Pick<Pointer, 'wanted' | 'ours' | 'sha256' | 'commit' | 'note'>;

/** What a pointer should be that serves this version. */
function asBuilt({ facts, before }: Context, artifact: string, wanted: string, commit: string): Aim {
  if (wanted !== facts.version) return { wanted, ours: false, sha256: '', commit: '', note: '' };
  return { wanted, ours: true, sha256: builtArtifact(before, artifact).sha256, commit, note: '' };
}

/** What a channel should serve that follows the default branch. */
async function furthestOf(
  context: Context,
  { artifact, there }: Pick<Pointer, 'artifact' | 'there'>,
): Promise<Aim> {
  const { facts, services } = context;
  const served = there?.metadata.commit ?? '';
  const found = await furthest(services.git, served, facts.commit);
  if (found.serve === 'theirs') {
    const note =
      'gone' in found
        ? `${facts.commit.slice(0, 7)} is not in the history of ${facts.defaultBranch} any more`
        : `at ${served.slice(0, 7)}, which comes after ${facts.commit.slice(0, 7)}`;
    return { wanted: there?.metadata.version ?? '', ours: false, sha256: '', commit: '', note };
  }
  const was =
    found.replaces === ''
      ? ''
      : `, instead of ${found.replaces.slice(0, 7)}, which is not in the history of ${facts.defaultBranch} any more`;
  const aim = asBuilt(context, artifact, facts.version, facts.commit);
  return { ...aim, note: `at ${facts.commit.slice(0, 7)}${was}` };
}

/** The lines as they are once this run has reached what it is for. */
async function linesWith(services: Context['services'], facts: RunFacts): Promise<LineVersions[]> {
  const others = (await services.lines()).filter((line) => line.target !== facts.target);
  const own: LineVersions = {
    target: facts.target,
    candidate: facts.candidate === '' ? '' : facts.version,
    promoted: facts.kind === 'publish',
    open: facts.kind === 'start' || facts.kind === 'change',
  };
  return [...others, own];
}

/**
 * What the pointer says it serves counts too: versions released before Slipway came are known only there, and so is a
 * candidate of another line whose run has moved the channel and has not told its line yet.
 */
function decide(name: string, lines: LineVersions[], there: Stored | undefined, facts: RunFacts): string {
  const compareVersions = comparerOf(facts);
  const rule = facts.channels[name]?.released === true ? 'stable' : 'internal';
  const wanted = decideChannel(rule, lines, compareVersions);
  const served = there?.metadata.version ?? '';
  if (wanted === undefined || served === '') return wanted ?? served;
  const isTheirs = lines.some(
    ({ open, target }) => open && target !== facts.target && isOfLine({ ...facts, target }, served),
  );
  const counts = rule === 'stable' || isTheirs;
  return counts && compareVersions(served, wanted) > 0 ? served : wanted;
}

function isRight(pointer: Pointer): boolean {
  const { there, wanted, ours, sha256, commit, note } = pointer;
  if (wanted === '') return true;
  if (there?.metadata.version !== wanted) return false;
  // Only a channel that follows the branch must name the very commit: elsewhere the bytes say enough.
  return !ours || (there.sha256 === sha256 && (note === '' || there.metadata.commit === commit));
}

function outputOf(pointers: Pointer[]): Output {
  return { channels: Object.fromEntries(pointers.map((pointer) => [pointer.channel, pointer.wanted])) };
}

function proofOf(pointers: Pointer[]): string {
  return pointers
    .map(
      ({ channel: name, wanted, note }) =>
        `${name} serves ${wanted || 'nothing yet'}${note === '' ? '' : ` ${note}`}`,
    )
    .join(', ');
}
