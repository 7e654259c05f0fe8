import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from '../../engine/ports/blobs.js';
import type { Git } from '../git/git.js';
import type { CommandResult, ProjectCommand, ProjectCommandResult } from './command.js';
import { changedFiles, checkoutStamps, writeFiles } from './changed-files.js';
import { collectArtifacts, stamps } from './collect-artifacts.js';
import { minimalEnvironment } from './minimal-environment.js';
import type { RunAs } from './run-as.js';
import { runCommand } from './run-command.js';
import { scrubber } from './scrub.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** Where and as whom the commands of one project run. */
export interface CommandPlace {
  git: Git;
  blobs: Blobs;
  /** Folder below which every attempt gets its own. */
  root: string;
  /** PATH of the commands. */
  path: string;
  runAs: RunAs | undefined;
  /** The value of a secret that slipway.yaml grants. @throws SlipwayError secret-missing */
  secret(name: string): string;
  /** Every secret that this process knows: none of them may come out, granted or not. */
  allSecrets: string[];
  /** Between SIGTERM and SIGKILL, in ms. */
  graceMs: number;
}

/** Runs commands of the project in a fresh checkout of a commit, in a folder of its own that is removed afterwards. */
export async function runProjectCommand(
  place: CommandPlace,
  spec: ProjectCommand,
): Promise<ProjectCommandResult> {
  // An empty or missing secret stops here, before anything runs.
  const granted = Object.fromEntries(spec.secrets.map((name) => [name, place.secret(name)]));
  await mkdir(place.root, { recursive: true });
  const workspace = await makeWorkspace(place.root, place.runAs);
  try {
    await bringIn(place, spec);
    await place.git.checkout(spec.commit, workspace.checkout);
    const written = spec.write ?? [];
    await writeFiles(workspace.checkout, written);
    for (const path of spec.fresh) await rm(join(workspace.checkout, path), { recursive: true, force: true });
    const before = await stamps(workspace.checkout, spec.produces);
    await workspace.handOver();
    const tracked = spec.keepChanges === true ? await checkoutStamps(workspace.checkout) : undefined;
    const { argv, result } = await runAll(place, spec, workspace, granted);
    const succeeded = isSuccess(result);
    const files = succeeded
      ? await collectArtifacts(workspace.checkout, spec.produces, before, place.runAs)
      : {};
    const changed =
      succeeded && tracked !== undefined
        ? await changedFiles(workspace.checkout, tracked, place.runAs, async (path) => {
            const own = written.find((file) => file.path === path);
            return own?.content ?? place.git.readFile(spec.commit, path);
          })
        : [];
    return { result, argv, files, changed };
  } finally {
    await workspace.remove();
  }
}

async function bringIn(place: CommandPlace, spec: ProjectCommand): Promise<void> {
  // A commit from a pack is on no remote, what it builds on is.
  await place.git.fetch([spec.packs.length === 0 ? spec.commit : spec.base]);
  for (const pack of spec.packs) await place.git.takeIn(await place.blobs.get(pack));
}

function isSuccess(result: CommandResult): boolean {
  return result.reason === 'exited' && result.exit === 0;
}

/** Runs the commands one after another until one fails or all are done; how the last one ended. */
async function runAll(
  place: CommandPlace,
  spec: ProjectCommand,
  workspace: Workspace,
  granted: Record<string, string>,
): Promise<{ argv: ProjectCommand['argv']; result: CommandResult }> {
  const endsAt = performance.now() + spec.timeoutMs;
  let last = { argv: spec.argv, result: await start(place, spec, workspace, granted) };
  for (const argv of spec.more ?? []) {
    if (!isSuccess(last.result)) break;
    spec.log.write(Buffer.from(`$ ${argv.join(' ')}\n`));
    // The time limit is that of all together.
    const timeoutMs = Math.max(1, endsAt - performance.now());
    last = { argv, result: await start(place, { ...spec, argv, timeoutMs }, workspace, granted) };
  }
  return last;
}

async function start(
  place: CommandPlace,
  spec: ProjectCommand,
  workspace: Workspace,
  granted: Record<string, string>,
): Promise<CommandResult> {
  const { home, tmp, checkout } = workspace;
  const { date } = await place.git.readCommit(spec.commit);
  const scrub = { stdout: scrubber(place.allSecrets), stderr: scrubber(place.allSecrets) };
  const result = await runCommand({
    argv: spec.argv,
    folder: spec.folder === undefined ? checkout : join(checkout, spec.folder),
    env: minimalEnvironment(
      { home, tmp, path: place.path },
      { SOURCE_DATE_EPOCH: String(date), ...spec.env, ...granted },
    ),
    runAs: place.runAs,
    timeoutMs: spec.timeoutMs,
    onOutput: (chunk, stream) => spec.log.write(scrub[stream].push(chunk)),
    signal: spec.signal,
    graceMs: place.graceMs,
  });
  spec.log.write(scrub.stdout.flush());
  spec.log.write(scrub.stderr.flush());
  return result;
}
