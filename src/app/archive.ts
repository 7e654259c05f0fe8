import { readOutputs } from '../engine/read-outputs.js';
import type { Engine } from '../engine/engine.js';
import { SlipwayError } from '../error.js';
import { fillIn } from '../process/placeholders.js';
import type { Process } from '../process/process-file.js';
import type { Json } from '../release/plan.js';
import type { ChannelFile } from '../release/project-state.js';
import { lineId } from '../release/run-id.js';
import type { Version } from '../release/versions/scheme.js';
import type { Storage, Stored } from '../services/storage/storage.js';
import { builtArtifact } from '../steps/outputs.js';
import type { Project } from './installation.js';

interface Reach {
  engine: Pick<Engine, 'runs' | 'lines' | 'blobs'>;
  storage: (name: string) => Promise<Storage>;
}

/** A channel of a process. @throws SlipwayError not-found */
export function channelOf(project: Project, name: string): Process['channels'][string] {
  const { channels } = project.process;
  const channel = Object.hasOwn(channels, name) ? channels[name] : undefined;
  if (channel !== undefined) return channel;
  throw new SlipwayError('not-found', `${project.name} has no channel "${name.slice(0, 80)}".`, {
    hint: `Nothing was changed. Channels: ${Object.keys(channels).join(', ') || 'none'}.`,
  });
}

/**
 * The objects of a channel with the archived bytes of a version that they would serve. What Slipway has built must still
 * have the digest of its journal; of what was released by hand and adopted, only the archive knows the bytes.
 * @throws SlipwayError not-found where there is no such archive, effect-differs where its bytes are not what was built
 */
export async function filesFor(
  reach: Reach,
  project: Project,
  channelName: string,
  version: Version,
): Promise<ChannelFile[]> {
  const channel = channelOf(project, channelName);
  const files: ChannelFile[] = [];
  for (const [artifact, key] of Object.entries(channel.files)) {
    const from = archiveOf(project, artifact, version);
    const archive = await reach.storage(from.storage);
    const there = await archive.head(from.key);
    if (there === undefined) {
      throw new SlipwayError('not-found', `${archive.address}/${from.key} does not exist.`, {
        hint: `Nothing was changed. ${channelName} can serve only what is archived.`,
      });
    }
    await requireBuilt(reach, project.name, version, artifact, there);
    const to = { storage: channel.in, key: fillIn(key, 'path', {}, { project: project.name }) };
    const served = await (await reach.storage(to.storage)).head(to.key);
    files.push({ artifact, from, to, sha256: there.sha256, there: served?.sha256 ?? '' });
  }
  return files;
}

function archiveOf(project: Project, artifact: string, version: Version): { storage: string; key: string } {
  const { artifacts } = project.process;
  const archive = Object.hasOwn(artifacts, artifact) ? artifacts[artifact]?.archive : undefined;
  if (archive === undefined) {
    throw new SlipwayError('refused', `"${artifact}" of ${project.name} is not archived.`, {
      hint: 'Nothing was changed. A channel can be pointed only at archived versions.',
    });
  }
  const values = { version: version.text, line: version.line, project: project.name };
  return { storage: archive.in, key: fillIn(archive.path, 'path', {}, values) };
}

/** The archive says which run stored it; that run's own journal says what it had built. */
async function requireBuilt(
  { engine }: Reach,
  project: string,
  version: Version,
  artifact: string,
  there: Stored,
): Promise<void> {
  const line = await engine.lines.load(lineId(project, version.line));
  const run = there.metadata['run'] ?? '';
  const state = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(run) ? await engine.runs.load(run) : undefined;
  if (state === undefined) {
    // A line that is ours has no archive that no run of ours has stored.
    if (line?.adopted !== undefined && run === '') return;
    throw differs(version, artifact, 'no run of this installation has stored it');
  }
  const { created, steps } = state;
  if (created.project !== project || created.version !== version.text)
    throw differs(version, artifact, `${run} has made ${created.project} ${created.version}`);
  const before: { [step: string]: Json } = {};
  for (const { outline, outputs } of steps) {
    if (outputs !== '') before[outline.id] = await readOutputs(engine, outputs);
  }
  if (builtArtifact(before, artifact).sha256 !== there.sha256)
    throw differs(version, artifact, `its digest is not that of what ${run} has built`);
}

function differs(version: Version, artifact: string, why: string): SlipwayError {
  return new SlipwayError(
    'effect-differs',
    `The archived "${artifact}" of ${version.text} is not trusted: ${why}.`,
    {
      hint: 'Nothing was changed. Find out who has put it there.',
    },
  );
}
