import { join } from 'node:path';
import type { Environment } from '../config.js';
import type { Blobs } from '../engine/ports/blobs.js';
import type { Journal } from '../engine/journal.js';
import { SlipwayError } from '../error.js';
import type { LineVersions } from '../release/channel.js';
import { lineName, type LineEvent, type LineState } from '../release/line-state.js';
import { own } from '../release/own.js';
import type { ProjectEvent, ProjectState } from '../release/project-state.js';
import { isCommitTarget, lineId, partsOfLine } from '../release/run-id.js';
import type { RunEvent } from '../release/run-events.js';
import type { RunState } from '../release/run-state.js';
import { schemeOf } from '../release/versions/index.js';
import { runProjectCommand } from '../services/command/project-commands.js';
import { resolveRunAs } from '../services/command/run-as.js';
import type { Git } from '../services/git/git.js';
import { openGit } from '../services/git/remote.js';
import type { Rooms } from '../services/rooms/rooms.js';
import type { Storage } from '../services/storage/storage.js';
import type { Archived, Services } from '../steps/step.js';
import { archivedBytes } from '../engine/channel-moves.js';
import { filesFor } from './archive.js';
import { gitCredentials } from './git-credentials.js';
import { mayRunCommands, type Installation, type Project } from './installation.js';
import { ruleOf } from './next-target.js';
import { projectOf } from './policies.js';
import { secretNames } from './secret-names.js';

interface Deps {
  environment: Environment;
  /** Folder for mirrors and work folders. */
  data: string;
  current: () => Promise<Installation>;
  storage: (name: string) => Promise<Storage>;
  rooms: Rooms;
  blobs: Blobs;
  lines: Journal<LineState, LineEvent>;
  projects: Journal<ProjectState, ProjectEvent>;
  runs: Journal<RunState, RunEvent>;
  graceMs: number;
}

/** What the steps of a project reach, made once and kept. */
export interface ProjectServices {
  git(project: string): Promise<Git>;
  lines(project: string): Promise<LineVersions[]>;
  /** A storage by its name in slipway.yaml. */
  storage(name: string): Promise<Storage>;
  /** `operation`: that of the step, for secrets that are granted in some operations only. */
  of(project: string, step: string, operation?: string): Promise<Services>;
}

/** Opens what is outside, by project, when it is first used. */
export function projectServices(deps: Deps): ProjectServices {
  const remotes = new Map<string, Promise<Git>>();
  const git = async (name: string): Promise<Git> => {
    const installation = await deps.current();
    const project = projectOf(installation, name);
    const key = `${name} ${project.repo} ${JSON.stringify(installation.forges[project.forge ?? ''])}`;
    const credentials = gitCredentials(installation, project, deps.environment);
    const known =
      remotes.get(key) ??
      openGit({
        url: project.repo,
        mirror: join(deps.data, 'git', `${name}.git`),
        ...(credentials !== undefined && { credentials }),
      });
    remotes.set(key, known);
    // A remote that could not be opened is tried again.
    known.catch(() => remotes.delete(key));
    return known;
  };
  const lines = (project: string): Promise<LineVersions[]> => lineVersions(deps.lines, project);
  return {
    git,
    lines,
    storage: deps.storage,
    async of(name, step, operation) {
      const installation = await deps.current();
      const project = projectOf(installation, name);
      const remote = await git(name);
      return {
        git: remote,
        identity: installation.git,
        rooms: deps.rooms,
        lines: () => lines(name),
        archived: (channel, version, artifact) => archivedOf(deps, project, { channel, version, artifact }),
        pinOf: async (channel) => own((await deps.projects.load(name))?.pins ?? {}, channel),
        storage: deps.storage,
        commands: {
          run: async (spec) =>
            runProjectCommand(await placeOf(deps, installation, project, remote, { step, operation }), spec),
        },
      };
    },
  };
}

async function placeOf(
  deps: Deps,
  installation: Installation,
  project: Project,
  git: Git,
  { step, operation }: { step: string; operation: string | undefined },
) {
  if (!mayRunCommands(installation, project)) {
    throw new SlipwayError(
      'isolation-missing',
      `Commands of ${project.name} would run as Slipway's own user and could read its keys.`,
      {
        hint: 'Nothing was run. Set run-as in slipway.yaml, or write "isolation: none" if you accept that.',
      },
    );
  }
  const { environment } = deps;
  const granted = (name: string): string => {
    const secret = Object.hasOwn(project.secrets, name) ? project.secrets[name] : undefined;
    const isElsewhere = secret?.operations !== undefined && !secret.operations.includes(operation ?? '');
    if (secret === undefined || !secret.steps.includes(step) || isElsewhere) {
      throw new SlipwayError(
        'secret-missing',
        `slipway.yaml does not grant the secret ${name} to the step "${step}".`,
        { hint: 'Nothing was run.' },
      );
    }
    return environment.secret(secret.env);
  };
  return {
    git,
    blobs: deps.blobs,
    root: join(deps.data, 'work'),
    path: environment.path,
    runAs: installation.runAs === undefined ? undefined : await resolveRunAs(installation.runAs),
    secret: granted,
    allSecrets: knownSecrets(installation, environment),
    graceMs: deps.graceMs,
  };
}

/**
 * Every secret of the installation that is set; none of them may come out of a log.
 * @throws SlipwayError config-invalid for one that is too short to be kept out; asked for at start
 */
export function knownSecrets(installation: Installation, environment: Environment): string[] {
  return secretNames(installation).flatMap((name) => {
    try {
      return [environment.secret(name)];
    } catch (error) {
      // Not set here: it cannot come out either. The step that needs it says so.
      if (error instanceof SlipwayError && error.code === 'secret-missing') return [];
      throw error;
    }
  });
}

/** The archived bytes of a version, as the journal of the run that stored them says they are. */
async function archivedOf(
  deps: Deps,
  project: Project,
  { channel, version, artifact }: { channel: string; version: string; artifact: string },
): Promise<Archived> {
  const parsed = schemeOf(ruleOf(project.process)).parse(version);
  if (parsed === undefined) return { is: 'gone' };
  const line = await deps.lines.load(lineId(project.name, parsed.line));
  // Bytes that no run of ours has built go into a channel only when a person says so, with `point`.
  if (line?.adopted !== undefined && line.reached === undefined) return { is: 'by-hand' };
  try {
    const reach = { engine: deps, storage: deps.storage };
    const files = await filesFor(reach, project, channel, parsed);
    const file = files.find((one) => one.artifact === artifact);
    return file === undefined ? { is: 'gone' } : { is: 'there', bytes: await archivedBytes(deps, file) };
  } catch (error) {
    if (!(error instanceof SlipwayError) || !['not-found', 'refused'].includes(error.code)) throw error;
    return { is: 'gone' };
  }
}

async function lineVersions(lines: Journal<LineState, LineEvent>, project: string): Promise<LineVersions[]> {
  // Runs outside of all lines are many, and none of them is a version.
  const own = (await lines.ids()).filter(
    (id) => id.startsWith(lineId(project, '')) && !isCommitTarget(partsOfLine(id).target),
  );
  const states = await Promise.all(own.map(async (id) => ({ id, state: await lines.load(id) })));
  return states.flatMap(({ id, state }) => {
    if (state === undefined) return [];
    const name = lineName(state);
    const isOver = name === 'promoted' || name === 'abandoned';
    return [
      {
        target: id.slice(lineId(project, '').length),
        candidate: state.candidate > 0 ? state.version : '',
        given: Object.entries(state.given).map(([stem, number]) => `${stem}${number}`),
        promoted: name === 'promoted',
        open: !isOver,
      },
    ];
  });
}
