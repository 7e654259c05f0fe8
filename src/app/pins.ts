import { settleChannel } from '../engine/channel-moves.js';
import { SlipwayError } from '../error.js';
import type { Actor } from '../release/actor.js';
import { decideChannel } from '../release/channel.js';
import { lineName } from '../release/line-state.js';
import { own } from '../release/own.js';
import type { ChannelFile, Pin } from '../release/project-state.js';
import { lineId } from '../release/run-id.js';
import { schemeOf } from '../release/versions/index.js';
import type { Scheme, Version } from '../release/versions/scheme.js';
import { channelOf, filesFor } from './archive.js';
import { authorizeGoverned, type Agreed } from './authorize-governed.js';
import { requireUnfrozen } from './freezes.js';
import { policyOf, type Installation, type Project } from './installation.js';
import { ruleOf } from './planner.js';
import { freezesFor } from './said-freezes.js';
import { servedBy } from './served.js';
import { servesReleased } from './serves-released.js';
import type { Opened } from './wire.js';
import { writesOf } from './writes.js';

/**
 * Who may point channels at will: who the policy names for `point`. A freeze stops it as it stops a start; who is
 * excepted says a reason.
 * @throws SlipwayError not-allowed | refused
 */
export async function authorizePoint(
  { engine }: Opened,
  installation: Installation,
  project: Project,
  ask: { by: Actor; second: string | undefined; reason: string | undefined },
): Promise<Agreed> {
  const { agreed, person } = authorizeGoverned(installation, project, 'point', ask);
  const freezes = await freezesFor(engine, installation, project);
  requireUnfrozen(freezes, project, 'point', person, engine.clock.now(), ask.reason);
  return agreed;
}

/**
 * Pins a channel to an archived version, then moves it there. The pin is recorded first: from then on no step moves the
 * channel, and a move that a crash cuts off is finished at the next start.
 * @throws SlipwayError not-found | refused | effect-differs | storage-failed
 */
export async function point(
  opened: Opened,
  project: Project,
  ask: Agreed & { channel: string; version: string; reason: string },
): Promise<{ before: string }> {
  const { channel, reason, by, second } = ask;
  const version = schemeOf(ruleOf(project.process)).parse(ask.version);
  if (version === undefined)
    throw new SlipwayError('command-invalid', `"${ask.version.slice(0, 80)}" is not a version.`, {
      hint: 'Nothing was changed. Write it as the archive does.',
    });
  await requireShipped(opened, project, channel, version);
  const files = await filesFor(reachOf(opened), project, channel, version);
  const before = (await servedBy(opened, project, channel)).version;
  await opened.engine.projects.update(project.name, () => ({
    type: 'channel.pinned',
    channel,
    version: version.text,
    reason,
    files,
    before,
    by,
    ...(second && { second }),
  }));
  await settleChannel(opened.engine, project.name, channel, 'person');
  return { before };
}

/** What lifting a pin did. */
export interface Unpointed {
  /** The pin that was lifted; undefined: there was none. */
  lifted: Pin | undefined;
  /** What the channel serves now, and what it should serve: '' for nothing. */
  serves: string;
  should: string;
  /** Why it does not serve what it should; ''. */
  why: string;
}

/** Lifts a pin and moves the channel to what it should serve now. Said again, it finishes what was cut off. */
export async function unpoint(
  opened: Opened,
  project: Project,
  ask: Agreed & { channel: string },
): Promise<Unpointed> {
  const { channel, by, second } = ask;
  channelOf(project, channel);
  const lifted = own((await opened.engine.projects.load(project.name))?.pins ?? {}, channel);
  const should = await shouldServe(opened, project, channel, lifted?.before ?? '');
  const { files, why } = await goal(opened, project, channel, should);
  if (lifted !== undefined || files.length > 0) {
    await opened.engine.projects.update(project.name, (now) =>
      lifted !== undefined && own(now?.pins ?? {}, channel)?.at !== lifted.at
        ? undefined
        : { type: 'channel.unpinned', channel, version: should, files, by, ...(second && { second }) },
    );
    await settleChannel(opened.engine, project.name, channel, 'person');
  }
  return { lifted, serves: (await servedBy(opened, project, channel)).version, should, why };
}

async function goal(
  opened: Opened,
  project: Project,
  channel: string,
  should: string,
): Promise<{ files: ChannelFile[]; why: string }> {
  const version = schemeOf(ruleOf(project.process)).parse(should);
  if (version === undefined) return { files: [], why: '' };
  try {
    await requireShipped(opened, project, channel, version);
    return { files: await filesFor(reachOf(opened), project, channel, version), why: '' };
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.retryable) throw error;
    return { files: [], why: error.message };
  }
}

/** What a channel of versions should serve now: computed from the lines, and not below what was served before a pin. */
export async function shouldServe(
  opened: Opened,
  project: Project,
  channel: string,
  before: string,
): Promise<string> {
  // What follows commits is moved by the next build.
  if (orderOf(project, channel) === 'commit') return '';
  const compare = comparerOf(schemeOf(ruleOf(project.process)));
  const rule = servesReleased(project.process, channel) ? 'stable' : 'internal';
  const wanted = decideChannel(rule, await opened.services.lines(project.name), compare);
  if (wanted === undefined) return before;
  // What follows stable serves what stable serves, also where that is pinned.
  const { pins = {} } = (await opened.engine.projects.load(project.name)) ?? {};
  const stable = rule === 'stable' ? undefined : own(pins, 'stable');
  if (stable !== undefined && schemeOf(ruleOf(project.process)).parse(wanted)?.candidate === undefined)
    return stable.version;
  return rule === 'stable' && before !== '' && compare(before, wanted) > 0 ? before : wanted;
}

function orderOf(project: Project, channel: string): 'version' | 'commit' {
  const declared: { order?: 'version' | 'commit' } = channelOf(project, channel);
  return declared.order ?? 'version';
}

/** What does not parse comes first: it never wins over a release. */
function comparerOf(scheme: Scheme): (a: string, b: string) => number {
  return (a, b) => {
    const [left, right] = [scheme.parse(a), scheme.parse(b)];
    if (left === undefined || right === undefined)
      return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1);
    return scheme.compare(left, right);
  };
}

function reachOf(opened: Opened) {
  return { engine: opened.engine, storage: opened.services.storage };
}

/** What a gate protects serves only what has passed it; elsewhere any version of a line that is known. */
async function requireShipped(
  { engine, installation }: Opened,
  project: Project,
  channel: string,
  version: Version,
): Promise<void> {
  channelOf(project, channel);
  const line = await engine.lines.load(lineId(project.name, version.line));
  if (line === undefined) {
    throw new SlipwayError(
      'not-found',
      `${project.name} ${version.text} is of no release line that Slipway knows.`,
      {
        hint: 'Nothing was changed. What was released by hand is taken over with slipway adopt.',
      },
    );
  }
  const places = await installation();
  // A gate protects the place, by whatever name: of the channel, of another one that lies there, or as storage:path.
  const step = { kind: 'channel', settings: { move: [channel] } };
  const writes = writesOf(step, { series: ['main'], steps: [] }, project, places);
  const { gates } = policyOf(places, project);
  const isProtected = Object.values(gates).some(({ protects }) => protects.some(writes.covers));
  if (!isProtected || (version.candidate === undefined && lineName(line) === 'promoted')) return;
  throw new SlipwayError(
    'refused',
    `${channel} is protected by a gate, and ${version.text} has not passed it.`,
    {
      hint: 'Nothing was changed. Name a version that was released.',
    },
  );
}
