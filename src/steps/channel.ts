import { z } from 'zod';
import { SlipwayError } from '../error.js';
import { decideChannel, type LineVersions } from '../release/channel.js';
import { schemeOf } from '../release/versions/index.js';
import type { Storage, Stored } from '../services/storage/storage.js';
import { builtArtifact } from './outputs.js';
import { defineStep, type Found, type RunFacts, type StepContext } from './step.js';

const Config = z.strictObject({
  move: z.array(z.enum(['stable', 'internal'])).min(1),
  to: z.enum(['stable']).optional(),
});
type Config = z.infer<typeof Config>;
type Context = StepContext<Config, 'storage' | 'lines'>;

interface Output {
  channels: { [channel: string]: string };
  [key: string]: { [channel: string]: string };
}

/** Points release channels at what they should serve now. Computed, and written only if nobody else wrote since it was read. */
export const channel = defineStep({
  name: 'channel',
  config: Config,
  needs: ['storage', 'lines'] as const,
  public: () => 'reversible',
  effect: () => 'conditional',
  plan: ({ move, to }, facts) => `Point ${move.join(', then ')} at ${to ?? facts.version}`,
  async find(context): Promise<Found<Output>> {
    const pointers = (await Promise.all(context.config.move.map((name) => look(context, name)))).flat();
    if (!pointers.every(isRight)) return { is: 'absent' };
    return { is: 'same', output: outputOf(pointers), proof: proofOf(pointers) };
  },
  async run(context) {
    const pointers: Pointer[] = [];
    // One after another, in the order that is written: stable moves last.
    for (const name of context.config.move) pointers.push(...(await move(context, name)));
    const isKept =
      context.facts.kind === 'end' && pointers.every(({ wanted }) => isOfLine(context.facts, wanted));
    if (isKept) return { result: 'skipped', reason: `nothing is stable yet: ${proofOf(pointers)}` };
    if (
      pointers.every((pointer) => pointer.wanted !== context.facts.version) &&
      context.facts.kind !== 'end'
    ) {
      return { result: 'skipped', reason: `older: ${proofOf(pointers)}` };
    }
    return { result: 'done', output: outputOf(pointers), proof: proofOf(pointers) };
  },
});

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
  /** Digest of what it should serve when that is ours, else ''. */
  sha256: string;
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
  for (let turn = 0; turn < races; turn += 1) {
    const pointers = await look(context, name);
    const wrong = pointers.filter((pointer) => !isRight(pointer));
    if (wrong.length === 0) return pointers;
    for (const pointer of wrong) await write(context, pointer);
  }
  throw new SlipwayError(
    'storage-failed',
    `The channel ${name} was moved by others ${races} times in a row.`,
    { retryable: true },
  );
}

async function write(context: Context, pointer: Pointer): Promise<void> {
  const { storage, key, there, wanted } = pointer;
  const bytes = await bytesOf(context, pointer);
  const metadata = { version: wanted, run: context.facts.run };
  await context.effect(() =>
    there === undefined
      ? storage.create(key, bytes, metadata)
      : storage.replace(key, bytes, metadata, there.etag),
  );
}

async function bytesOf({ facts, before, blobs, services }: Context, pointer: Pointer): Promise<Uint8Array> {
  if (pointer.wanted === facts.version) return blobs.get(builtArtifact(before, pointer.artifact).sha256);
  const stable = facts.channels.stable;
  const key = stable?.files[pointer.artifact];
  const bytes =
    stable === undefined || key === undefined
      ? undefined
      : await (await services.storage(stable.storage)).read(key);
  if (bytes === undefined) {
    throw new SlipwayError(
      'storage-failed',
      `The channel ${pointer.channel} should serve ${pointer.wanted}, and its bytes are not in the channel stable.`,
      {
        hint: 'Nothing was changed. Put the archive there, then retry; or skip with a reason.',
      },
    );
  }
  return bytes;
}

async function look(context: Context, name: string): Promise<Pointer[]> {
  const { facts, before, services } = context;
  const channel = facts.channels[name];
  if (channel === undefined)
    throw new SlipwayError('config-invalid', `The process has no channel "${name}".`);
  const storage = await services.storage(channel.storage);
  const lines = await linesWith(services, facts);
  return Promise.all(
    Object.entries(channel.files).map(async ([artifact, key]) => {
      const there = await storage.head(key);
      const wanted = decide(name, lines, there, comparerOf(facts));
      const sha256 = wanted === facts.version ? builtArtifact(before, artifact).sha256 : '';
      return { channel: name, artifact, storage, key, there, wanted, sha256 };
    }),
  );
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

/** What the pointer says it serves counts too: versions released before Slipway came are known only there. */
function decide(
  name: string,
  lines: LineVersions[],
  there: Stored | undefined,
  compareVersions: (a: string, b: string) => number,
): string {
  const rule = name === 'stable' ? 'stable' : 'internal';
  const wanted = decideChannel(rule, lines, compareVersions);
  const served = there?.metadata.version ?? '';
  if (rule === 'stable' && served !== '' && (wanted === undefined || compareVersions(served, wanted) > 0))
    return served;
  return wanted ?? served;
}

function isRight(pointer: Pointer): boolean {
  const { there, wanted, sha256 } = pointer;
  if (wanted === '') return true;
  return there?.metadata.version === wanted && (sha256 === '' || there.sha256 === sha256);
}

function outputOf(pointers: Pointer[]): Output {
  return { channels: Object.fromEntries(pointers.map((pointer) => [pointer.channel, pointer.wanted])) };
}

function proofOf(pointers: Pointer[]): string {
  return pointers.map((pointer) => `${pointer.channel} serves ${pointer.wanted || 'nothing yet'}`).join(', ');
}
