import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openReader } from '../../bin/environment.js';
import { verbs } from '../../commands/index.js';
import { perform } from '../../src/app/dispatch.js';
import { operationChanges } from '../../src/app/process-diff.js';
import type { Reply } from '../../src/app/verb.js';
import { readEnvironment } from '../../src/config.js';
import { asSlipwayError } from '../../src/error.js';
import type { Operation, StepSpec } from '../../src/process/process-file.js';
import type { Actor } from '../../src/release/actor.js';
import { shortSeal } from '../../src/release/canonical.js';
import { stepKinds } from '../../src/steps/index.js';
import { defineStep, type StepContext } from '../../src/steps/step.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';
import { parse } from './words.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const Planned = z.object({
  answer: z.string(),
  version: z.string().optional(),
  plan: z.string().optional(),
  changes: z.number().optional(),
  steps: z.array(z.object({ id: z.string(), kind: z.string(), found: z.looseObject({ is: z.string() }) })),
  refused: z.array(z.object({ message: z.string(), hint: z.string() })),
});

/** What a plan's answer says, for programs. */
function dataOf(reply: Reply): z.infer<typeof Planned> {
  const parsed = Planned.safeParse(reply.data);
  if (!parsed.success) throw new Error(reply.lines.join('\n'));
  return parsed.data;
}

/** What each step's look has found, by the step's id. */
function found(reply: Reply): Record<string, string> {
  return Object.fromEntries(dataOf(reply).steps.map((step) => [step.id, step.found.is]));
}

/** Every file below a folder with the digest of its bytes. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const lines = files.map(async (file) => {
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return `${file.slice(folder.length)} ${digest}`;
  });
  return (await Promise.all(lines)).toSorted();
}

/** Everything that a release changes: the remote's refs and objects, the storages, the rooms, the journal. */
async function world(room: Room): Promise<Record<string, string | string[]>> {
  const { repo, storage, folder } = room.sandbox;
  const git = (...args: string[]): string => execFileSync('git', ['-C', repo, ...args], { encoding: 'utf8' });
  return {
    refs: git('for-each-ref'),
    objects: git('count-objects', '-v'),
    names: git('cat-file', '--batch-all-objects', '--batch-check'),
    head: git('symbolic-ref', 'HEAD'),
    releases: await filesOf(storage.releases),
    latest: await filesOf(storage.latest),
    journal: await filesOf(join(folder, 'journal')),
  };
}

/**
 * Reads it as the command line does, beside a bot that is at rest, and fails if anything at all has changed by it.
 * The bot is stopped meanwhile: it still tidies up for a moment when a run is over.
 */
async function dry(room: Room, line: string, person?: string): Promise<Reply> {
  await room.shown();
  await room.stop(60_000);
  const before = await world(room);
  const { config, folder } = room.sandbox;
  const data = join(folder, 'data');
  const reader = await openReader(
    readEnvironment({ PATH: process.env['PATH'], SLIPWAY_CONFIG: config, SLIPWAY_DATA: data }),
  );
  const by: Actor | undefined =
    person === undefined ? undefined : { issuer: 'local', workspace: 'sandbox', user: person, name: person };
  const said = { request: randomUUID(), ...parse(line, verbs) };
  const reply = await perform(reader, verbs, by === undefined ? said : { ...said, by });
  expect(await world(room)).toEqual(before);
  await room.start();
  return reply;
}

describe('a dry run', () => {
  test('of a cut shows every step with exact names, and changes nothing', async () => {
    const room = await openRoom();
    const reply = await dry(room, 'plan cut');
    expect(reply).toMatchObject({ exit: 0 });
    const text = reply.lines.join('\n');
    expect(reply.lines[0]).toBe('Plan: cut kestrel 0.44.0rc1. Nothing was changed.');
    expect(text).toMatch(/^1 Create the branch release\/kestrel-v0\.44\.0 at [0-9a-f]{7}$/m);
    expect(text).toMatch(/Store tarball as releases\/kestrel-0\.44\.0rc1\.tar\.gz/);
    expect(text).toMatch(/Tag the commit as kestrel-v0\.44\.0rc1/);
    expect(text).toMatch(/— from here on nothing can be taken back —\n\d Store tarball/);
    expect(text).toMatch(/Public afterwards: all but build\. Nobody is asked\./);
    expect(text).toMatch(/May be started by Ana, Ben\./);
    expect(text).toContain('Whether the storage takes the write is known only by writing.');
    expect(found(reply)).toMatchObject({ branch: 'absent', store: 'absent', tag: 'absent' });
    expect(dataOf(reply).refused).toEqual([]);
  });

  test('shows the very plan that the start then has', async () => {
    const room = await openRoom();
    const { plan } = dataOf(await dry(room, 'plan cut', 'ana'));
    const run = await room.starts('ana', 'release cut');
    const { created } = await room.state(run);
    expect(plan).toBe(created.plan);
    expect((await room.shows(run)).join('\n')).toContain(`plan ${shortSeal(plan ?? '')}`);
  });

  test('needs nobody: it tells who may, and who is asked', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const reply = await dry(room, 'plan promote');
    expect(reply.exit).toBe(0);
    const text = reply.lines.join('\n');
    expect(text).toContain('asks 1 of maintainer: Ana, Ben, and not who asks for it');
    expect(text).toContain('One question is asked.');
    expect(text).toContain('internal serves 0.44.0rc1 now');
    expect(text).toMatch(/— from here on nothing can be taken back —\n\d Push the approved commit/);
    expect(text).toMatch(/— released here —\n\d Say in eng-process, releases/);
    const asAna = await dry(room, 'plan promote', 'ana');
    expect(asAna.lines.join('\n')).toContain('asks 1 of maintainer: Ben, and not who asks for it');
  });

  test('of every operation, at every state of the line, changes nothing', { timeout: 120_000 }, async () => {
    const room = await openRoom();
    const all = ['plan cut', 'plan fixup', 'plan promote', 'plan abandon --input reason=why'];
    const answers = async (): Promise<number[]> => {
      const exits: number[] = [];
      for (const line of all) exits.push((await dry(room, line)).exit);
      return exits;
    };
    // No line yet: only a cut would start.
    expect(await answers()).toEqual([0, 1, 1, 1]);
    await room.over(await room.starts('ana', 'release cut'));
    // Open at rc1; the fixup would bring nothing new.
    const [cut, , promote, abandon] = await answers();
    expect([cut, promote, abandon]).toEqual([1, 0, 0]);
    const run = await room.starts('ana', 'release promote');
    await room.says('ben', `approve --seal ${await room.seal(run)}`);
    await room.over(run);
    expect(await answers()).toEqual([1, 1, 0, 1]);
    const pyproject = await room.origin.read('main', 'pyproject.toml');
    await room.origin.commit('main', { 'pyproject.toml': pyproject.replace('0.44.0', '0.45.0') }, 'Raise it');
    await room.origin.commit('main', { 'NEWS.md': 'more\n' }, 'Tell news');
    const next = await dry(room, 'plan cut');
    expect(next.lines[0]).toBe('Plan: cut kestrel 0.45.0rc1. Nothing was changed.');
    expect(next.lines.at(-1)).toContain(' · 2 changes since 0.44.0');
    expect(next.lines.join('\n')).toContain('internal serves 0.44.0 now');
  });

  test('through the bot leaves the record of what was said, and nothing else', async () => {
    const room = await openRoom();
    const journal = join(room.sandbox.folder, 'journal');
    const before = await filesOf(journal);
    await room.says('ana', 'plan cut');
    const added = (await filesOf(journal)).filter((file) => !before.includes(file));
    expect(added.every((file) => file.startsWith('/inbox/'))).toBe(true);
    expect(added.length).toBeLessThanOrEqual(2);
  });
});

describe('a step kind that writes while it looks', () => {
  const config = z.strictObject({});
  /** Everything that the outside could be changed by, one after another; each must be refused. */
  const attempts = async (
    context: StepContext<unknown, 'git' | 'storage' | 'rooms' | 'commands'>,
  ): Promise<string[]> => {
    const { services, facts, blobs, effect } = context;
    const { git, rooms, commands } = services;
    const releases = await services.storage('releases');
    const identity = { name: 'x', email: 'x@example.com' };
    const command: Parameters<typeof commands.run>[0] = {
      argv: ['true'],
      commit: facts.commit,
      packs: [],
      base: facts.commit,
      env: {},
      secrets: [],
      timeoutMs: 1000,
      fresh: [],
      produces: {},
      log: context.log,
      signal: context.signal,
    };
    const all = [
      () => git.push([{ ref: 'refs/heads/sneaked', to: facts.commit, expected: 'absent' }]),
      () => git.makeTag({ commit: facts.commit, name: 'x', message: 'x', identity, date: 1 }),
      () => releases.create('sneaked', Buffer.from('x'), {}),
      () => releases.probe(),
      () => rooms.post('eng-process', 'x', 'sneaked'),
      () => commands.run(command),
      () => blobs.put(Buffer.from('sneaked')),
      () => effect(async () => 'sent'),
    ];
    const said: string[] = [];
    for (const attempt of all)
      said.push(
        await attempt().then(
          () => 'done',
          (error: unknown) => asSlipwayError(error).message,
        ),
      );
    return said;
  };

  test.each(['find', 'run'] as const)('is refused all of it, in its %s', async (where) => {
    let said: string[] = [];
    const sneaky = defineStep({
      name: 'sneaky',
      config,
      needs: ['git', 'storage', 'rooms', 'commands'] as const,
      public: () => 'no',
      effect: () => 'none',
      plan: () => 'Look around',
      find: async (context) => {
        if (where === 'find') said = await attempts(context);
        return { is: 'absent' };
      },
      run: async (context) => {
        said = await attempts(context);
        return { result: 'done', output: {}, proof: '' };
      },
    });
    // It names no commands, as what would be asked of the project is not run at all; it reaches for them all the same.
    const kind = { ...sneaky, needs: ['git', 'storage', 'rooms'] as const };
    const room = await openRoom({ kinds: [...stepKinds, kind] });
    await room.set('kestrel.yml', ['operations', 'cut', 'steps'], [{ uses: 'sneaky' }, { uses: 'branch' }]);
    const before = await world(room);
    await room.says('ana', 'plan cut');
    expect(said).toHaveLength(8);
    for (const message of said) expect(message).toMatch(/^A dry run changes nothing: /);
    const { journal: _before, ...outside } = before;
    const { journal: _after, ...now } = await world(room);
    expect(now).toEqual(outside);
  });
});

describe('what would be refused', () => {
  test('a tag that somebody has made by hand', async () => {
    const room = await openRoom();
    const head = execFileSync('git', ['-C', room.sandbox.repo, 'rev-parse', 'main'], {
      encoding: 'utf8',
    }).trim();
    execFileSync('git', ['-C', room.sandbox.repo, 'tag', 'kestrel-v0.44.0rc1', head]);
    const reply = await dry(room, 'plan cut');
    expect(reply.exit).toBe(1);
    expect(reply.lines.join('\n')).toContain('kestrel-v0.44.0rc1');
    expect(dataOf(reply).refused).toHaveLength(1);
  });

  test('a branch that somebody has made by hand', async () => {
    const room = await openRoom();
    execFileSync('git', ['-C', room.sandbox.repo, 'branch', 'release/kestrel-v0.44.0', 'main~1']);
    const reply = await dry(room, 'plan cut');
    expect(reply.exit).toBe(1);
    expect(reply.lines.join('\n')).toMatch(/would be refused: .*release\/kestrel-v0\.44\.0/);
  });

  test('an archive that somebody has put there', async () => {
    const room = await openRoom();
    const services = await room.opened.services.of('kestrel', '');
    const releases = await services.storage('releases');
    await releases.create('kestrel-0.44.0rc1.tar.gz', Buffer.from('by hand'), {});
    const reply = await dry(room, 'plan cut');
    expect(reply.exit).toBe(1);
    expect(reply.lines.join('\n')).toMatch(
      /would be refused: Store: .*kestrel-0\.44\.0rc1\.tar\.gz exists already/,
    );
    expect(found(reply)).toMatchObject({ store: 'taken', tag: 'absent' });
  });

  test('what the line does not accept, with the way on', async () => {
    const room = await openRoom();
    const none = await dry(room, 'plan fixup 0.44.0');
    expect(none.exit).toBe(1);
    expect(none.lines.join('\n')).toContain('0.44.0 has no release line yet.');
    await room.over(await room.starts('ana', 'release cut'));
    const reply = await dry(room, 'plan cut');
    expect(reply.exit).toBe(1);
    expect(reply.lines.join('\n')).toContain('slipway release fixup');
    expect(dataOf(reply)).toMatchObject({ answer: 'refused', steps: [] });
  });

  test('a freeze, a halt, and a second person who must agree', async () => {
    const room = await openRoom();
    await room.set('slipway.yaml', ['policies', 'standard', 'operations', 'cut'], {
      start: ['coordinator'],
      confirm: ['maintainer'],
    });
    const asked = await dry(room, 'plan cut');
    expect(asked.exit).toBe(0);
    expect(asked.lines.join('\n')).toContain(
      'May be started by Ana; a second person of maintainer must agree.',
    );
    await room.set(
      'slipway.yaml',
      ['freezes'],
      [{ name: 'Audit', from: '2020-01-01T00:00', to: '2099-01-01T00:00', blocks: 'all' }],
    );
    const frozen = await dry(room, 'plan cut');
    expect(frozen.exit).toBe(1);
    expect(frozen.lines.join('\n')).toMatch(/would be refused: .*frozen until .*"Audit"/);
    expect(frozen.lines.join('\n')).toContain('1 Create the branch');
    await room.set('slipway.yaml', ['freezes'], []);
    await room.says('ana', 'stop-everything --reason "disk is full"');
    const halted = await dry(room, 'plan cut');
    expect(halted.exit).toBe(1);
    expect(halted.lines.join('\n')).toContain(
      'would be refused: Everything is stopped by Ana: "disk is full".',
    );
  });

  test('words that are no operation, no input, no project', async () => {
    const room = await openRoom();
    expect((await dry(room, 'plan ct')).lines.join('\n')).toContain('did you mean "cut"');
    expect(await dry(room, 'plan ct')).toMatchObject({ exit: 2 });
    expect(await dry(room, 'plan cut --input x=1')).toMatchObject({ exit: 2 });
    expect(await dry(room, 'plan cut --project nobody')).toMatchObject({ exit: 1 });
  });
});

describe('what is there already', () => {
  test('a cut that stopped goes on with what it made, and the plan says so', async () => {
    const room = await openRoom();
    await room.edit('kestrel.yml', (text) => text.replace('[node, scripts/build.mjs]', '[sh, -c, exit 1]'));
    const run = await room.starts('ana', 'release cut');
    await room.step(run, 'build', 'failed');
    const under = await dry(room, 'plan cut');
    expect(under).toMatchObject({ exit: 0 });
    expect(under.lines.join('\n')).toContain(`It is under way already, and would be shown: run ${run}.`);
    await room.says('ana', `cancel ${run}`);
    await room.over(run, 'cancelled');
    const reply = await dry(room, 'plan cut');
    expect(found(reply)).toMatchObject({ branch: 'same', build: 'absent' });
    expect(reply.lines.join('\n')).toMatch(
      /1 Create the branch .* · there already: release\/kestrel-v0\.44\.0 stands at/,
    );
  });

  test('a promote that would supersede another is said', async () => {
    const room = await openRoom();
    await room.over(await room.starts('ana', 'release cut'));
    const promote = await room.starts('ana', 'release promote');
    await room.seal(promote);
    const reply = await dry(room, 'plan abandon --input reason=why');
    expect(reply.lines.join('\n')).toContain(`It would supersede ${promote}`);
    expect(reply.exit).toBe(0);
  });
});

describe('plan --diff', () => {
  test('shows what a patch changes, in every operation that it hits', async () => {
    const room = await openRoom();
    expect((await dry(room, 'plan --diff')).lines).toEqual([
      expect.stringMatching(/^kestrel beside .*: no difference$/),
    ]);
    await room.set('slipway.yaml', ['projects', 'kestrel', 'process'], {
      extends: './kestrel.yml',
      patch: {
        build: { timeout: '10m' },
        'cut.announce': { text: 'Kestrel {version} is there.' },
        'abandon.channel': 'off',
        smoke: { after: 'build', run: ['node', 'scripts/smoke.mjs'] },
      },
      variants: { quiet: { about: 'Tells nobody', for: ['fixup'], patch: { announce: 'off' } } },
    });
    const reply = await dry(room, 'plan --diff');
    expect(reply.exit).toBe(0);
    const text = reply.lines.join('\n');
    expect(reply.lines[0]).toMatch(/^kestrel beside .*kestrel\.yml$/);
    expect(text).toContain('\nabandon\n  - channel (channel)');
    expect(text.match(/~ build · timeout: 5m → 10m/g)).toHaveLength(3);
    expect(text.match(/\+ smoke \(run\), after build/g)).toHaveLength(3);
    expect(text.match(/~ announce · text: /g)).toHaveLength(1);
    expect(text).toMatch(/variant quiet: Tells nobody\n {2}fixup\n {4}- announce \(announce\)$/);
  });

  test('needs an operation or --diff', async () => {
    const room = await openRoom();
    expect(await dry(room, 'plan')).toMatchObject({ exit: 2 });
  });
});

describe('the differences of two processes', () => {
  const step = (id: string, settings = {}): StepSpec => ({
    id,
    kind: 'run',
    stage: 0,
    settings,
    timeoutMs: 1,
    skippable: false,
    runsOn: 'default',
  });
  const operation = (name: string, steps: StepSpec[]): Operation => ({
    name,
    about: 'x',
    kind: 'change',
    line: 'open',
    next: [],
    from: undefined,
    series: ['main'],
    privateUntil: undefined,
    on: undefined,
    inputs: {},
    steps,
  });
  const changes = (before: StepSpec[], after: StepSpec[]): string[] =>
    operationChanges({ a: operation('a', before) }, { a: operation('a', after) }).flatMap(({ steps }) =>
      steps.map((one) => `${one.change} ${one.id}`),
    );

  test('one step that moves is one change', () => {
    const [a, b, c, d] = [step('a'), step('b'), step('c'), step('d')];
    expect(changes([a, b, c, d], [d, a, b, c])).toEqual(['moved d']);
    expect(changes([a, b, c, d], [a, c, b, d])).toHaveLength(1);
    expect(changes([a, b, c], [a, d, b, c])).toEqual(['added d']);
    expect(changes([a, b, c], [b, c])).toEqual(['removed a']);
    expect(changes([a, b], [a, step('b', { run: ['x'] })])).toEqual(['changed b']);
    expect(changes([a, b], [a, { ...b, stage: 4 }])).toEqual([]);
  });

  test('operations come and go', () => {
    const found = operationChanges({ a: operation('a', []) }, { b: operation('b', []) });
    expect(found.map(({ operation: name, is }) => `${name} ${is}`)).toEqual(['a removed', 'b added']);
  });
});
