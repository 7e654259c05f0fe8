import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verifyJournal } from '../engine/verify.js';
import type { Opened } from '../app/wire.js';
import { shortDigest } from '../release/canonical.js';
import type { RunState } from '../release/run-state.js';
import type { Sandbox } from './make-sandbox.js';

const run = promisify(execFile);

/** What a release left, read back from where people would get it; `complete` is false when something is missing or wrong. */
export interface Existing {
  lines: string[];
  complete: boolean;
}

/** Reads back branches, tags, archives, channels, messages and the journal of a sandbox after a promotion. */
export async function whatExists(sandbox: Sandbox, opened: Opened, promoted: RunState): Promise<Existing> {
  const { project, version } = promoted.created;
  const services = await opened.services.of(project, '');
  const branch = `refs/heads/release/${project}-v${version}`;
  const tag = `refs/tags/${project}-v${version}`;
  const refs = await services.git.remoteRefs([branch, tag, `${tag}rc1`]);
  const archive = await (await services.storage('releases')).head(`${project}-${version}.tar.gz`);
  const candidate = await (await services.storage('releases')).head(`${project}-${version}rc1.tar.gz`);
  const stable = await (await services.storage('latest')).head(`${project}.tar.gz`);
  const internal = await (await services.storage('latest')).head(`internal/${project}.tar.gz`);
  const says = await versionOf(join(sandbox.storage.latest, `${project}.tar.gz`));
  const rooms = await messages(opened);
  const journal = await verifyJournal(opened.engine);
  const facts: [string, boolean][] = [
    [`branch   ${short(branch)} at ${commitOf(refs, branch)}`, refs.has(branch)],
    [`tag      ${short(tag)}rc1 at ${commitOf(refs, `${tag}rc1`)}`, refs.has(`${tag}rc1`)],
    [
      `tag      ${short(tag)} at ${commitOf(refs, tag)}, the head of the branch`,
      refs.get(tag)?.commit === refs.get(branch)?.commit && refs.has(tag),
    ],
    [
      `archive  ${candidate === undefined ? 'of the candidate is missing' : `${project}-${version}rc1.tar.gz ${shortDigest(candidate.sha256)}`}`,
      candidate !== undefined,
    ],
    [
      `archive  ${archive === undefined ? 'is missing' : `${project}-${version}.tar.gz ${shortDigest(archive.sha256)}, ${archive.size} bytes`}`,
      archive !== undefined,
    ],
    [
      `channel  stable serves ${stable?.metadata.version ?? 'nothing'}, the same bytes`,
      stable !== undefined && stable.sha256 === archive?.sha256,
    ],
    [
      `channel  internal serves ${internal?.metadata.version ?? 'nothing'}, the same bytes`,
      internal !== undefined && internal.sha256 === archive?.sha256,
    ],
    [`program  unpacked from stable it says "${says}"; its tag says ${version}`, says === version],
    ...rooms.map(({ room, text }): [string, boolean] => [`#${room}  ${text}`, true]),
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
  const keys = await opened.records.list('rooms/');
  const found = await Promise.all(
    keys.map(async (key) => {
      const bytes = await opened.records.read(key);
      const message: { text: string } = JSON.parse(Buffer.from(bytes ?? '{}').toString('utf8'));
      return { room: key.split('/')[1] ?? '', text: message.text };
    }),
  );
  return found;
}
