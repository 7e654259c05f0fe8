import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verifyJournal } from '../engine/verify.js';
import type { Opened } from '../app/wire.js';
import { shortDigest } from '../release/canonical.js';
import type { Stored } from '../services/storage/storage.js';
import type { Sandbox } from './make-sandbox.js';

const run = promisify(execFile);

/** What a release left, read back from where people would get it; `complete` is false when something is missing or wrong. */
export interface Existing {
  lines: string[];
  complete: boolean;
}

/** What a story was to leave: versions of the sandbox's project. */
export interface Expected {
  project: string;
  /** The final version, which stable serves. */
  released: string;
  /** Every candidate that was published. */
  candidates: readonly string[];
  /** What internal serves. */
  internal: string;
}

/** Reads back branches, tags, archives, channels, messages and the journal of a sandbox after its story. */
export async function whatExists(sandbox: Sandbox, opened: Opened, expected: Expected): Promise<Existing> {
  const { project, released, candidates, internal } = expected;
  const services = await opened.services.of(project, '', '');
  const branch = `refs/heads/release/${project}-v${released}`;
  const tagOf = (version: string): string => `refs/tags/${project}-v${version}`;
  const versions = [...candidates, released];
  const refs = await services.git.remoteRefs([branch, ...versions.map(tagOf)]);
  const releases = await services.storage('releases');
  const latest = await services.storage('latest');
  const archives = new Map<string, Stored>();
  for (const version of versions) {
    const found = await releases.head(`${project}-${version}.tar.gz`);
    if (found !== undefined) archives.set(version, found);
  }
  const served = {
    stable: await latest.head(`${project}.tar.gz`),
    internal: await latest.head(`internal/${project}.tar.gz`),
  };
  const channel = (name: 'stable' | 'internal', version: string): [string, boolean] => {
    const there = served[name];
    return [
      `channel  ${name} serves ${there?.metadata.version ?? 'nothing'}, the same bytes as its archive`,
      there !== undefined &&
        there.metadata.version === version &&
        there.sha256 === archives.get(version)?.sha256,
    ];
  };
  const says = await versionOf(join(sandbox.storage.latest, `${project}.tar.gz`));
  const rooms = await messages(opened);
  const journal = await verifyJournal(opened.engine);
  const facts: [string, boolean][] = [
    [`branch   ${short(branch)} at ${commitOf(refs, branch)}`, refs.has(branch)],
    ...candidates.map((version): [string, boolean] => [
      `tag      ${short(tagOf(version))} at ${commitOf(refs, tagOf(version))}`,
      refs.has(tagOf(version)),
    ]),
    [
      `tag      ${short(tagOf(released))} at ${commitOf(refs, tagOf(released))}, the head of the branch`,
      refs.has(branch) && refs.get(tagOf(released))?.commit === refs.get(branch)?.commit,
    ],
    ...versions.map((version): [string, boolean] => {
      const there = archives.get(version);
      const name = `${project}-${version}.tar.gz`;
      return [
        `archive  ${there === undefined ? `${name} is missing` : `${name} ${shortDigest(there.sha256)}, ${there.size} bytes`}`,
        there !== undefined,
      ];
    }),
    channel('stable', released),
    channel('internal', internal),
    [`program  unpacked from stable it says "${says}"; its tag says ${released}`, says === released],
    ...rooms.map(({ room, text }): [string, boolean] => [`#${room}  ${text.split('\n')[0] ?? ''}`, true]),
    [
      `journal  ${journal.runs} runs, ${journal.events} events, ${journal.blobs} blobs: ${journal.problems.join(' ') || 'chain, signatures and digests are right'}`,
      journal.problems.length === 0,
    ],
  ];
  return {
    lines: facts.map(([text, isRight]) => `${isRight ? '✅' : '❌'} ${text}`),
    complete: facts.every(([, isRight]) => isRight) && rooms.length > 0,
  };
}

function short(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}

function commitOf(refs: Map<string, { commit: string }>, ref: string): string {
  return refs.get(ref)?.commit.slice(0, 7) ?? 'nothing';
}

/** What the program in an archive prints as its version. */
async function versionOf(archive: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-unpacked-'));
  try {
    await run('tar', ['-xzf', archive, '-C', folder]);
    const [inner = ''] = await readdir(folder);
    const { stdout } = await run(process.execPath, [join(folder, inner, 'kestrel.mjs'), '--version']);
    return stdout.trim();
  } catch (error) {
    return `nothing: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function messages(opened: Opened): Promise<{ room: string; text: string }[]> {
  const rooms = Object.keys((await opened.installation()).rooms);
  const found = await Promise.all(
    rooms.map(async (room) => {
      const all = await opened.local.messages.all({ room });
      return all
        .filter(({ marker }) => marker.endsWith('_announce'))
        .map(({ message }) => ({ room, text: message?.text ?? '' }));
    }),
  );
  return found.flat();
}
