import { z } from 'zod';
import { SlipwayError } from '../error.js';
import type { VersionPlace } from '../release/plan.js';
import { versionFiles } from './commit-files.js';
import { bringIn, newestCommit } from './outputs.js';
import { ended } from './run.js';
import { defineStep } from './step.js';

interface Output {
  /** The digest of each changed file, by its path. */
  files: { [path: string]: string };
  [key: string]: { [path: string]: string };
}

/**
 * Runs the programs that bring lock files after the version file. What they write can differ from day to day, so it is
 * kept as an output, and the commit that takes it in stays a function of the journal.
 */
export const follow = defineStep({
  name: 'follow',
  config: z.strictObject({}),
  needs: ['git', 'commands'] as const,
  public: () => 'no',
  effect: () => 'none',
  plan: (_, facts) =>
    `Let ${facts.follow.map((argv) => argv.join(' ')).join(', then ')} bring its files after the version`,
  async run({ facts, before, services, timeoutMs, blobs, log, signal }) {
    const [first, ...more] = facts.follow.map(commandOf);
    if (first === undefined) return { result: 'skipped', reason: 'nothing follows the version' };
    const newest = newestCommit(before, facts.commit);
    await bringIn({ git: services.git, blobs, base: facts.commit }, newest);
    const files = await versionFiles(
      { git: services.git, parent: newest.commit },
      facts.versionFiles,
      facts.versionText,
    );
    log.line(`$ ${first.join(' ')}`);
    const { result, argv, changed } = await services.commands.run({
      argv: first,
      more,
      folder: folderOf(facts.versionFiles),
      write: [...files].map(([path, content]) => ({ path, content })),
      keepChanges: true,
      commit: newest.commit,
      packs: newest.pack === undefined || newest.pack === '' ? [] : [newest.pack],
      base: facts.commit,
      env: { SLIPWAY_PROJECT: facts.project, SLIPWAY_VERSION: facts.version },
      secrets: [],
      timeoutMs,
      fresh: [],
      produces: {},
      log,
      signal,
    });
    if (result.reason !== 'exited' || result.exit !== 0) throw ended(argv, result, signal);
    const output: Output = { files: {} };
    for (const { path, content } of changed) output.files[path] = await blobs.put(content);
    const names = Object.keys(output.files);
    return {
      result: 'done',
      output,
      proof: names.length === 0 ? 'no file changed' : `changed ${names.join(', ')}`,
    };
  },
});

/** They run beside the version file, as a person would run `uv lock` there. */
function folderOf([first]: VersionPlace[]): string {
  const at = first?.path.lastIndexOf('/') ?? -1;
  return first === undefined || at < 0 ? '.' : first.path.slice(0, at);
}

function commandOf(argv: string[]): [string, ...string[]] {
  const [program, ...rest] = argv;
  if (program !== undefined && program !== '') return [program, ...rest];
  throw new SlipwayError('config-invalid', 'A command of version.follow is empty.');
}
