import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Form, Message } from '../../src/chat/message.js';
import type { PrivateListener } from '../../src/web/private-listener.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from '../conversation/room.js';
import { until } from '../conversation/until.js';
import { by, logIn, openBrowser, serve, type Browser, type Stream } from './web.js';

let room: Room;
let listener: PrivateListener;
let ana: Browser;

beforeEach(async () => {
  room = await openRoom({ process: 'preset' });
  listener = await serve(room);
  ana = await logIn(listener);
});
afterEach(async () => {
  await listener.stop();
  await leaveRooms();
});
afterAll(removeSandboxes);

const View = z.object({
  room: z.string(),
  marker: z.string(),
  editedAt: z.number(),
  under: z.string(),
  to: z.string(),
  by: z.object({ is: z.string(), id: z.string().optional(), name: z.string().optional() }),
  message: Message.nullable(),
  words: z.string(),
  reactions: z.array(
    z.object({ emoji: z.string(), people: z.array(z.object({ id: z.string(), name: z.string() })) }),
  ),
});
const Shown = z.object({ messages: z.array(View) });
const Answered = z.object({ message: Message.nullable(), form: Form.nullable() });

const inRoom = async (name: string): Promise<z.infer<typeof View>[]> =>
  Shown.parse((await ana.get(`/api/rooms/${name}`)).json()).messages;

async function acts(person: string, what: string, body: object, name = 'rel-kestrel') {
  const answer = await ana.post(`/api/rooms/${name}/${what}`, by(person, body));
  expect(answer.text).toContain('"message"');
  return Answered.parse(answer.json());
}

const heardIn = (stream: Stream): z.infer<typeof View>[] =>
  stream.events.filter(({ event }) => event === 'message').map(({ data }) => View.parse(data));

/** A second project in the same installation, which is no sandbox. */
async function addOtter(): Promise<void> {
  const { sandbox } = room;
  const kestrel = await readFile(sandbox.process, 'utf8');
  await writeFile(
    join(sandbox.folder, 'otter.yml'),
    kestrel.replaceAll('kestrel', 'otter').replaceAll('otter.lock', 'kestrel.lock'),
  );
  await room.edit('slipway.yaml', (text) =>
    text
      .replace(
        'rooms:\n',
        'rooms:\n  rel-otter: { local: rel-otter }\n  secret: { local: secret, private: true }\n',
      )
      .replace('slipway: 1\n', 'slipway: 1\nisolation: none\n')
      .replace(
        'projects:\n',
        `projects:\n  otter:\n    repo: ${sandbox.repo}\n    process: ./otter.yml\n    policy: standard\n    room: rel-otter\n`,
      ),
  );
}

test('the workspace is what slipway.yaml says', async () => {
  expect((await ana.get('/api/workspace')).json()).toMatchObject({
    installation: 'sandbox',
    version: '0.1.0',
    people: [
      { id: 'ana', name: 'Ana', roles: ['coordinator', 'maintainer'] },
      { id: 'ben', name: 'Ben', roles: ['maintainer'] },
      { id: 'cat', name: 'Cat', roles: [] },
    ],
    rooms: [
      { room: 'rel-kestrel', projects: ['kestrel'], canAct: true },
      { room: 'eng-process', projects: ['kestrel'], canAct: true },
      { room: 'releases', projects: ['kestrel'], canAct: true },
    ],
    practice: ['rel-kestrel'],
  });
});

describe('what is said', () => {
  test('is heard in every browser, and stays', async () => {
    const ben = await logIn(listener);
    const [first, second] = [await ana.listen(), await ben.listen()];
    expect(first.events[0]?.event ?? (await until('hello', () => first.events[0]?.event))).toBe('hello');
    expect(await acts('ana', 'say', { text: 'Who looks at the build?' })).toEqual({
      message: null,
      form: null,
    });
    for (const stream of [first, second]) {
      const heard = await until('it is heard', () => heardIn(stream)[0]);
      expect(heard).toMatchObject({
        room: 'rel-kestrel',
        by: { is: 'person', id: 'ana', name: 'Ana' },
        words: 'Who looks at the build?',
        message: null,
        to: '',
        editedAt: 0,
      });
    }
    expect(await inRoom('rel-kestrel')).toMatchObject([{ words: 'Who looks at the build?' }]);
    first.close();
    second.close();
  });

  test('twice under one request is said once', async () => {
    const body = by('ana', { text: 'once' });
    await Promise.all([1, 2, 3].map(() => ana.post('/api/rooms/rel-kestrel/say', body)));
    expect(await inRoom('rel-kestrel')).toHaveLength(1);
  });

  test('under a request that was used before is refused: nothing is answered in the name of somebody else', async () => {
    await ana.post('/api/rooms/rel-kestrel/say', by('ana', { text: 'hello', request: 'same' }));
    for (const text of ['@slipway status', 'hello'])
      expect(
        await ana.post('/api/rooms/rel-kestrel/say', { as: 'ben', text, request: 'same' }),
      ).toMatchObject({ status: 409 });
    expect(await inRoom('rel-kestrel')).toHaveLength(1);
  });

  test('in a thread stands there, and nowhere if there is no such message', async () => {
    await acts('ana', 'say', { text: 'above' });
    const [above] = await inRoom('rel-kestrel');
    await acts('ben', 'say', { text: 'below', thread: above?.marker });
    expect((await inRoom('rel-kestrel'))[1]).toMatchObject({ words: 'below', under: above?.marker });
    const lost = await ana.post('/api/rooms/rel-kestrel/say', by('ben', { text: 'x', thread: 'no-such' }));
    expect(lost).toMatchObject({ status: 404 });
    expect(await inRoom('rel-kestrel')).toHaveLength(2);
  });

  test('stays text, whatever it is', async () => {
    const hostile = '<img src=x onerror=alert(1)> @channel [a](javascript:b) \u202e ${x} </script>';
    await acts('cat', 'say', { text: hostile });
    const answer = await ana.get('/api/rooms/rel-kestrel');
    expect(answer.headers['content-type']).toContain('application/json');
    expect((await inRoom('rel-kestrel'))[0]?.words).toBe(hostile);
  });

  test('by nobody of slipway.yaml is refused', async () => {
    for (const as of ['mallory', 'constructor', '__proto__']) {
      const answer = await ana.post('/api/rooms/rel-kestrel/say', by(as, { text: 'hello' }));
      expect(answer.status).toBe(403);
      expect(answer.json()).toMatchObject({ error: { message: `"${as}" is nobody of slipway.yaml.` } });
    }
    expect(await inRoom('rel-kestrel')).toEqual([]);
  });

  test('is a command for the bot alone: nobody else sees it', async () => {
    const { message } = await acts('ana', 'say', { text: '/release status' });
    expect(message).not.toBeNull();
    expect(await inRoom('rel-kestrel')).toEqual([]);
    const bare = await acts('ana', 'say', { text: '/release' });
    expect(bare.form).not.toBeNull();
  });

  test('mistyped behind a slash is answered to who typed it, and is no word for the room', async () => {
    const { message } = await acts('ana', 'say', { text: '/relase cut' });
    expect(message?.text).toBe(
      '"/relase" is not a command. Did you mean /release cut? Nothing was started. Buttons: Use cut….',
    );
    expect(await inRoom('rel-kestrel')).toEqual([]);
    await acts('ana', 'say', { text: '/usr/bin/env is missing' });
    expect(await inRoom('rel-kestrel')).toMatchObject([{ words: '/usr/bin/env is missing' }]);
  });

  test('can be completed while it is typed, by who may', async () => {
    const typed = (as: string, text: string, where = 'rel-kestrel'): string =>
      `/api/complete?${new URLSearchParams({ as, text, room: where })}`;
    const Lines = z.array(z.object({ line: z.string(), label: z.string(), about: z.string() }));
    const found = Lines.parse((await ana.get(typed('ana', '/release c'))).json());
    expect(found.map(({ line }) => line.trim())).toContain('/release cut');
    expect((await ana.get(typed('mallory', '/release c'))).status).toBe(403);
    expect((await ana.get(typed('ana', '/release c', 'no-such'))).status).toBe(404);
    expect((await ana.get('/api/complete')).status).toBe(400);
  });

  test('to the bot in a mention is seen by all, and its answer too', async () => {
    expect(await acts('ana', 'say', { text: '@slipway status' })).toEqual({ message: null, form: null });
    const [asked, answer] = await inRoom('rel-kestrel');
    expect(asked).toMatchObject({ words: '@slipway status', by: { id: 'ana' } });
    expect(answer).toMatchObject({ under: asked?.marker, by: { is: 'slipway' } });
  });
});

describe('what is done', () => {
  test('is a release, told to who listens: board, run, announcement', async () => {
    const stream = await ana.listen();
    const { message } = await acts('ana', 'say', { text: '/release cut' });
    expect(message?.text).toContain('kestrel 0.44.0rc1');
    const run = 'kestrel_0.44.0_cut_1';
    await room.over(run);
    await room.shown();
    const heard = (name: string): boolean => heardIn(stream).some((one) => one.room === name);
    await until('the board is told', () => heard('rel-kestrel'));
    await until('the announcement is told', () => heard('eng-process'));
    const { seq } = await room.state(run);
    await until('the run is told', () =>
      stream.events.some(({ event, data }) => {
        const moved = z.object({ run: z.string(), seq: z.number() }).safeParse(data).data;
        return event === 'run' && moved?.run === run && moved.seq === seq;
      }),
    );
    stream.close();
    const page = z
      .object({ run: z.string(), seq: z.number(), room: z.string() })
      .parse((await ana.get(`/api/runs/${run}`)).json());
    expect(page).toEqual({ run, seq, room: 'rel-kestrel' });
    const log = z.object({ text: z.string() }).parse((await ana.get(`/api/runs/${run}/logs/build`)).json());
    expect(log.text).toContain('attempt 1');
  });

  test('twice under one request is done once', async () => {
    const body = by('ana', { verb: 'release', args: { operation: 'cut' } });
    const answers = await Promise.all([1, 2, 3].map(() => ana.post('/api/rooms/rel-kestrel/act', body)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await room.opened.records.names('runs/')).toEqual(['kestrel_0.44.0_cut_1']);
  });

  test('by who may not is refused, in words', async () => {
    const { message } = await acts('cat', 'act', { verb: 'release', args: { operation: 'cut' } });
    expect(message?.text).toContain('needs the role');
    expect(await room.opened.records.names('runs/')).toEqual([]);
  });

  test('is a reaction, and it can be taken away', async () => {
    await acts('ana', 'say', { text: 'Lunch?' });
    const [{ marker } = { marker: '' }] = await inRoom('rel-kestrel');
    await acts('ben', 'react', { marker, emoji: '👍', on: true });
    await acts('cat', 'react', { marker, emoji: '👍', on: true });
    expect((await inRoom('rel-kestrel'))[0]?.reactions).toEqual([
      {
        emoji: '👍',
        people: [
          { id: 'ben', name: 'Ben' },
          { id: 'cat', name: 'Cat' },
        ],
      },
    ]);
    await acts('ben', 'react', { marker, emoji: '👍', on: false });
    expect((await inRoom('rel-kestrel'))[0]?.reactions).toEqual([
      { emoji: '👍', people: [{ id: 'cat', name: 'Cat' }] },
    ]);
    for (const emoji of ['x', '<b>', '../x', '👍'.repeat(13)]) {
      const answer = await ana.post('/api/rooms/rel-kestrel/react', by('ben', { marker, emoji, on: true }));
      expect(answer.status).toBe(400);
    }
  });
});

describe('rooms of others', () => {
  test('of a project that is no sandbox only show', async () => {
    await addOtter();
    expect((await ana.get('/api/workspace')).json()).toMatchObject({
      rooms: [{ room: 'rel-otter', projects: ['otter'], canAct: false }, { room: 'rel-kestrel' }, {}, {}],
    });
    const said = await ana.post('/api/rooms/rel-otter/say', by('ana', { text: 'hello' }));
    expect(said).toMatchObject({ status: 403 });
    await room.opened.local.say('rel-otter', person, 'from somewhere else', 'one');
    const [{ marker } = { marker: '' }] = await inRoom('rel-otter');
    const react = by('ana', { marker, emoji: '✅', on: true });
    expect((await ana.post('/api/rooms/rel-otter/react', react)).status).toBe(403);
    const before = await room.opened.records.list('runs/');
    for (const [what, body] of [
      ['say', { text: '/release cut --project otter' }],
      ['say', { text: '/release cut' }],
      ['act', { verb: 'release', args: { operation: 'cut', project: 'otter' } }],
    ] as const) {
      const { message } = await acts('ana', what, body, 'rel-otter');
      expect(message?.text).toMatch(/no sandbox project|authenticated/);
    }
    const fromHere = await acts('ana', 'act', {
      verb: 'release',
      args: { operation: 'cut', project: 'otter' },
    });
    expect(fromHere.message?.text).toContain('otter');
    expect(await room.opened.records.list('runs/')).toEqual(before);
    expect(await inRoom('rel-otter')).toMatchObject([{ words: 'from somewhere else', reactions: [] }]);
  });

  test('that are private are not there', async () => {
    await addOtter();
    const stream = await ana.listen();
    expect((await ana.get('/api/workspace')).text).not.toContain('secret');
    for (const answer of [
      await ana.get('/api/rooms/secret'),
      await ana.post('/api/rooms/secret/say', by('ana', { text: 'hello' })),
      await ana.get('/api/rooms/no-such'),
    ])
      expect(answer.status).toBe(404);
    await room.opened.local.say('secret', person, 'nobody hears this', 'one');
    await acts('ana', 'say', { text: 'the end' });
    await until('the end is heard', () => heardIn(stream).find(({ words }) => words === 'the end'));
    expect(JSON.stringify(stream.events)).not.toContain('nobody hears this');
    stream.close();
  });

  test('hide their runs', async () => {
    const stream = await ana.listen();
    const page = '/api/runs/kestrel_0.44.0_cut_1';
    await room.set('slipway.yaml', ['rooms', 'rel-kestrel', 'private'], true);
    await room.starts('ana', 'release cut');
    await room.over('kestrel_0.44.0_cut_1');
    for (const path of [page, `${page}/logs/build`]) expect((await ana.get(path)).status).toBe(404);
    await acts('ana', 'say', { text: 'the end' }, 'eng-process');
    await until('the end is heard', () => heardIn(stream).find(({ words }) => words === 'the end'));
    expect(stream.events.filter(({ event }) => event === 'run')).toEqual([]);
    stream.close();
    await room.set('slipway.yaml', ['rooms', 'rel-kestrel', 'private'], false);
    for (const path of [page, `${page}/logs/build`]) expect((await ana.get(path)).status).toBe(200);
  });
});

test('what is said to one person alone is his', async () => {
  const message = { header: '', mood: 'plain', blocks: [], buttons: [], text: 'You are asked.' } as const;
  const stream = await ana.listen();
  await room.opened.local.tell('ben', 'dm-1', { ...message, blocks: [], buttons: [] });
  const heard = await until('it is heard', () => heardIn(stream)[0]);
  expect(heard).toMatchObject({ room: '', to: 'ben', message: { text: 'You are asked.' } });
  stream.close();
  expect((await ana.get('/api/direct/ben')).json()).toMatchObject({
    messages: [{ marker: 'dm-1', to: 'ben' }],
  });
  expect((await ana.get('/api/direct/ana')).json()).toMatchObject({ messages: [] });
  expect((await ana.get('/api/direct/mallory')).status).toBe(403);
});

test('a message that another process wrote is heard, once; one that is taken away is gone', async () => {
  const stream = await ana.listen();
  await until('hello', () => stream.events.length === 1);
  const { messages } = room.opened.local;
  // As a worker does it: past the chat of this process.
  await messages.add({ room: 'releases' }, 'by-worker', {
    at: 1,
    editedAt: 0,
    under: '',
    words: 'new',
    by: person,
  });
  await until('it is heard', () => heardIn(stream).some(({ marker }) => marker === 'by-worker'));
  await messages.remove({ room: 'releases' }, 'by-worker');
  await until('it is gone', () => stream.events.some(({ event }) => event === 'gone'));
  expect(heardIn(stream).filter(({ marker }) => marker === 'by-worker')).toHaveLength(1);
  expect(stream.events.at(-1)?.data).toEqual({ room: 'releases', to: '', marker: 'by-worker' });
  stream.close();
});

test('a restart keeps who is logged in, what was said, and the port', async () => {
  await acts('ana', 'say', { text: 'before' });
  const boot = async (): Promise<string> =>
    z.object({ boot: z.string() }).parse((await ana.get('/api/workspace')).json()).boot;
  const [port, before] = [listener.port, await boot()];
  await listener.stop();
  await expect(ana.get('/api/workspace')).rejects.toThrow(/ECONNREFUSED/);
  listener = await serve(room, undefined, port);
  expect(listener.port).toBe(port);
  expect(await boot()).not.toBe(before);
  expect(await inRoom('rel-kestrel')).toMatchObject([{ words: 'before' }]);
  expect((await acts('ana', 'say', { text: 'after' })).message).toBeNull();
});

test('a port that is taken is left to who has it', async () => {
  const other = await serve(room, undefined, listener.port);
  expect(other.port).not.toBe(listener.port);
  expect((await (await openBrowser(other)).get('/')).status).toBe(401);
  await other.stop();
});

test('a fix is merged once a request, and there is always another one', async () => {
  const head = async (): Promise<string | undefined> => (await room.origin.refs())['refs/heads/main'];
  const merge = async (body: object): Promise<string | undefined> =>
    Answered.parse((await ana.post('/api/practice/fix', body)).json()).message?.text;
  const before = await head();
  const first = by('ana', {});
  const [text, again] = await Promise.all([merge(first), merge(first)]);
  expect(text).toMatch(/^Cat Moreau merged [0-9a-f]{7} into main: "fix: /);
  expect(again).toBe(text);
  const merged = await head();
  expect(merged).not.toBe(before);
  expect(text).toContain(merged?.slice(0, 7));
  expect(await merge(first)).toBe(text);
  expect(await head()).toBe(merged);
  const [second, third] = await Promise.all([merge(by('ben', {})), merge(by('cat', {}))]);
  expect(second).toMatch(/^Ben Okafor merged/);
  expect(third).toMatch(
    /^Cat Moreau merged .* "docs: an example with the 4 longest lines"\. The next cut has it\.$/,
  );
  const [fourth, fifth] = [await merge(by('cat', {})), await merge(by('cat', {}))];
  expect(fourth).toContain('the 5 longest lines');
  expect(fifth).toContain('the 6 longest lines');
  expect((await ana.post('/api/practice/fix', by('mallory', {}))).status).toBe(403);
});

test('while a release is open, fixes are merged onto its branch, and the room offers them at once', async () => {
  await room.over(await room.starts('ana', 'release cut'));
  await room.shown();
  const merge = async (): Promise<z.infer<typeof Answered>> =>
    Answered.parse((await ana.post('/api/practice/fix', by('ana', {}))).json());
  expect((await merge()).message?.text).toMatch(
    /^Cat Moreau merged [0-9a-f]{7} into release\/kestrel-v0\.44\.0: "fix: .*"\. The next candidate has it\.$/,
  );
  await room.shown();
  const offers = async (): Promise<string[]> =>
    (await inRoom('rel-kestrel')).flatMap(({ message }) =>
      message?.header.includes('merged since') === true ? [message.header] : [],
    );
  expect(await offers()).toEqual(['kestrel 0.44.0: 1 change merged since rc1']);
  await merge();
  await room.shown();
  expect(await offers()).toEqual(['kestrel 0.44.0: 2 changes merged since rc1']);
});

test('a hotfix line takes fixes too, before it has a candidate', async () => {
  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', 'release promote');
  await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
  await room.over(promote);
  await room.over(await room.starts('ana', 'release hotfix'));
  const merged = Answered.parse((await ana.post('/api/practice/fix', by('ana', {}))).json());
  expect(merged.message?.text).toContain('into release/kestrel-v0.44.1:');
  const fixup = await room.over(await room.starts('ana', 'release fixup'));
  expect(fixup.created.version).toBe('0.44.1rc1');
});

const person = { issuer: 'local', workspace: 'sandbox', user: 'cat', name: 'Cat' } as const;
