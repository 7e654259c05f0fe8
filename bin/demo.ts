import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { verbs } from '../commands/index.js';
import { perform } from '../src/app/dispatch.js';
import type { Opened } from '../src/app/wire.js';
import { follow, isAtRest } from '../src/chat/terminal/follow.js';
import { question } from '../src/chat/views/question.js';
import { span } from '../src/chat/views/marks.js';
import { readEnvironment, type Environment } from '../src/config.js';
import { count } from '../src/engine/gate.js';
import { readSealed } from '../src/engine/read-outputs.js';
import { SlipwayError } from '../src/error.js';
import { shortSeal } from '../src/release/canonical.js';
import type { RunState } from '../src/release/run-state.js';
import { fixes, type Fix } from '../src/sandbox/fixes.js';
import { makeSandbox, type Sandbox } from '../src/sandbox/make-sandbox.js';
import { mergeFix } from '../src/sandbox/merge-fix.js';
import { whatExists } from '../src/sandbox/what-exists.js';
import { Stage, tell, title } from './demo-stage.js';
import { openReader } from './environment.js';

/** The parts of the story, and where it is played. */
interface Story {
  stage: Stage;
  reader: Opened;
  sandbox: Sandbox;
  environment: Environment;
}

/**
 * The whole story on a real repository: adoption of what was released by hand, a plan, a cut with a worker killed on the way, a fix and a fixup, a promotion
 * that a second person approves, and a hotfix line. Exit code 0: everything exists and was read back.
 */
export async function demo(folder: string | undefined): Promise<number> {
  const begun = performance.now();
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'slipway-demo-')));
  title('A project with a history, a bare origin and a build');
  const sandbox = await makeSandbox(place, { path: readEnvironment().path });
  const variables = {
    ...process.env,
    SLIPWAY_CONFIG: sandbox.config,
    SLIPWAY_DATA: join(sandbox.folder, 'data'),
  };
  const environment = readEnvironment(variables);
  tell(`origin   ${sandbox.repo}`, `process  ${sandbox.process}`, `policy   ${sandbox.config}`);
  const stage = new Stage(sandbox, environment, variables);
  try {
    title('slipway start');
    await stage.start();
    const story = { stage, reader: await openReader(environment), sandbox, environment };
    title('slipway plan --diff: what kestrel changes in the preset sculptor');
    await looks(story, 'plan', { diff: 'true' });
    await adopt(story);
    const first = await cut(story);
    const second = await fixup(story, fixes.lastLine);
    const released = await promote(story);
    const patch = await hotfix(story, fixes.noFile);
    title('slipway status');
    await looks(story, 'status', {});
    title('What exists now, each thing read back');
    const found = await whatExists(sandbox, story.reader, {
      project: 'kestrel',
      released,
      candidates: [first, second, patch],
      internal: patch,
    });
    tell(...found.lines);
    tell(
      '',
      `${span(performance.now() - begun)} in all. Look around: cd ${place}`,
      'and then, with SLIPWAY_CONFIG=slipway.yaml SLIPWAY_DATA=data: slipway start, slipway status, slipway release …',
    );
    return found.complete ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

/** Asks something that changes nothing, and prints the answer. */
async function looks(story: Story, verb: string, args: Record<string, string>): Promise<void> {
  const reply = await perform(story.reader, verbs, { request: randomUUID(), verb, args });
  tell(...reply.lines);
  if (reply.exit !== 0) throw new SlipwayError('internal', `${verb} was refused.`);
}

/** The versions that were released by hand before: shown, and taken over when Ana says so. */
async function adopt({ stage }: Story): Promise<void> {
  title('ana: slipway adopt');
  const { data } = await stage.hears('ana', 'adopt', {});
  const { hash } = z.object({ hash: z.string() }).parse(data);
  title(`ana: slipway adopt --confirm ${hash}`);
  await stage.hears('ana', 'adopt', { confirm: hash });
}

/** A plan first, then the cut; the worker that builds is killed. Returns the candidate. */
async function cut(story: Story): Promise<string> {
  const { stage, reader } = story;
  title('slipway plan cut');
  await looks(story, 'plan', { operation: 'cut' });
  title('ana: slipway release cut');
  const run = await stage.says('ana', 'release', { operation: 'cut' });
  let isKilled = false;
  const state = await show(reader, run, async (now) => {
    const building = now.steps.find((step) => step.outline.id === 'build' && step.status === 'claimed');
    if (!isKilled && building !== undefined) {
      isKilled = true;
      await stage.killWorker(building.worker);
    }
    return isAtRest(now);
  });
  if (!isKilled)
    throw new SlipwayError('internal', 'The worker was not killed: the build was too fast to be seen.');
  return versionOf(state);
}

/** Somebody merges a fix into the default branch, and Ana brings it onto the release branch. Returns the candidate. */
async function fixup({ stage, reader, sandbox, environment }: Story, fix: Fix): Promise<string> {
  title(`${fix.author.name} merges into main`);
  const commit = await mergeFix(sandbox.repo, fix, environment.path);
  tell(`${commit.slice(0, 7)} ${fix.subject}`);
  const input = `commits=${commit.slice(0, 12)}`;
  title(`ana: slipway release fixup --input ${input}`);
  const run = await stage.says('ana', 'release', { operation: 'fixup', input });
  return versionOf(await show(reader, run, isAtRest));
}

/** The final version: built, asked for, approved by a second person, published. Returns the version. */
async function promote({ stage, reader }: Story): Promise<string> {
  title('ana: slipway release promote');
  const run = await stage.says('ana', 'release', { operation: 'promote' });
  const waiting = await show(reader, run, isAtRest);
  const gate = waiting.gates['approve'];
  if (gate === undefined) throw stuck(waiting);
  const sealed = await readSealed(reader.engine, gate.seal);
  tell('', ...question(waiting, gate, sealed, await count(reader.engine, waiting, gate)), '');
  const seal = shortSeal(gate.seal);
  title(`ana: slipway approve --seal ${seal}`);
  const own = await stage.hears('ana', 'approve', { run, seal });
  if (own.exit === 0) throw new SlipwayError('internal', 'The requester could approve her own release.');
  title(`ben: slipway approve --seal ${seal}`);
  await stage.says('ben', 'approve', { run, seal });
  return versionOf(await show(reader, run, isAtRest));
}

/** A bug in what customers have: a patch line from the released tag. Returns its first candidate. */
async function hotfix(story: Story, fix: Fix): Promise<string> {
  title('ana: slipway release hotfix');
  const run = await story.stage.says('ana', 'release', { operation: 'hotfix' });
  versionOf(await show(story.reader, run, isAtRest));
  return fixup(story, fix);
}

async function show(
  reader: Opened,
  run: string,
  each: (state: RunState) => Promise<boolean> | boolean,
): Promise<RunState> {
  // One line a change: the demo says things in between, which a board that is redrawn would swallow.
  const screen = { stream: process.stdout, live: false };
  const state = await follow(() => reader.engine.runs.load(run), screen, each);
  if (state === undefined) throw new SlipwayError('internal', `${run} was never created.`);
  return state;
}

/** The version that a run has made. @throws SlipwayError internal when the run did not end well */
function versionOf(state: RunState): string {
  if (state.finished?.outcome !== 'done') throw stuck(state);
  return state.created.version;
}

function stuck(state: RunState): SlipwayError {
  const failed = state.steps.find((step) => step.status === 'failed');
  return new SlipwayError(
    'internal',
    `${state.created.run} stopped: ${failed?.failure?.message ?? 'it does not go on'}.`,
  );
}
