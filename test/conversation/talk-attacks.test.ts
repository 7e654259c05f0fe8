import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { verbs } from '../../commands/index.js';
import { Message } from '../../src/chat/message.js';
import { plainEmoji } from '../../src/chat/plain-emoji.js';
import { hearReaction } from '../../src/app/talk/reaction.js';
import { hearSaying } from '../../src/app/talk/talk.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** A cut that is over, and a promotion that waits for its approval. */
async function asking(): Promise<{ room: Room; promote: string; question: string }> {
  const room = await openRoom({ process: 'preset' });
  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', 'release promote');
  await room.seal(promote);
  return { room, promote, question: await questionOf(room, promote) };
}

async function questionOf(room: Room, run: string): Promise<string> {
  await room.shown();
  const found = (await room.markers()).filter((one) => one.startsWith(`${run}_approve_`)).at(-1);
  if (found === undefined) throw new Error(`${run} asks nothing in the room`);
  return found;
}

describe('reactions', () => {
  test('✅ is a vote for exactly this question, in each of its forms; ❌ holds; taken away they are withdrawn', async () => {
    expect(['✅', '✅\ufe0f', ':white_check_mark:', 'white_check_mark'].map(plainEmoji)).toEqual([
      '✅',
      '✅',
      'white_check_mark',
      'white_check_mark',
    ]);
    expect(['👍🏽', ':+1::skin-tone-4:', '+1'].map(plainEmoji)).toEqual(['👍', '+1', '+1']);
    const { room, promote, question } = await asking();
    const gate = async () => (await room.state(promote)).gates['approve'];
    // While it is held, a vote that would suffice opens nothing.
    expect((await room.reacts('ben', question, '❌')).text).toBe('');
    expect((await gate())?.holds).toHaveLength(1);
    expect((await room.reacts('ben', question, '✅')).text).toBe('');
    expect(await gate()).toMatchObject({ votes: [{ by: { user: 'ben' } }], seal: expect.any(String) });
    expect((await gate())?.decided).toBeUndefined();
    expect((await room.reacts('ben', question, '✅', false)).text).toBe('');
    expect((await gate())?.votes).toHaveLength(0);
    expect((await room.reacts('ben', question, '❌', false)).text).toBe('');
    expect((await gate())?.holds ?? []).toHaveLength(0);
    expect((await room.reacts('ben', question, ':white_check_mark:')).text).toBe('');
    await room.over(promote);
  });

  test('what is refused is told to who reacted alone, and nothing else is answered', async () => {
    const { room, promote, question } = await asking();
    expect((await room.reacts('ana', question, '✅')).text).toBe(
      'Not counted: Ana asked for it.\nCan decide: Ben.',
    );
    expect((await room.reacts('mallory', question, '✅')).text).toContain('Nobody voted.');
    expect((await room.reacts('ben', question, '👍')).text).toBe(
      '👍 is no vote. ✅ is one, under the question.',
    );
    expect((await room.reacts('ben', question, '👍', false)).text).toBe('');
    for (const emoji of ['🎉', 'white', '', '✅✅', ':', '__proto__'])
      expect((await room.reacts('ben', question, emoji)).text).toBe('');
    // Under a board it is no vote, and in another room the question is not asked.
    expect((await room.reacts('ben', `${promote}_board`, '✅')).text).toBe('');
    const heard = {
      by: { issuer: 'local' as const, workspace: 'sandbox', user: 'ben', name: 'ben' },
      place: { chat: 'local' as const, room: 'eng-process' },
      request: 'elsewhere',
    };
    await hearReaction({ opened: room.opened, verbs }, { ...heard, marker: question, emoji: '✅', on: true });
    expect((await room.state(promote)).gates['approve']?.votes).toHaveLength(0);
  });

  test('nobody takes the vote of somebody else away, or lets go for him, and nobody is told that he did', async () => {
    const { room, promote, question } = await asking();
    const said = async (person: string, verb: string): Promise<string> =>
      (await room.types(person, `/release ${verb} ${promote} --seal ${await room.seal(promote)}`)).text;
    await room.reacts('ben', question, '❌');
    await room.reacts('ben', question, '✅');
    for (const person of ['ana', 'cat']) {
      for (const emoji of ['✅', '❌']) await room.reacts(person, question, emoji, false);
      expect(await said(person, 'withdraw')).toBe('You had not voted. Nothing was changed.');
      expect(await said(person, 'unhold')).toContain('You held nothing');
    }
    expect((await room.state(promote)).gates['approve']).toMatchObject({
      votes: [{ by: { user: 'ben' } }],
      holds: [{ by: { user: 'ben' } }],
    });
    await room.reacts('ben', question, '❌', false);
    await room.over(promote);
    expect(await said('ben', 'withdraw')).toBe('The question is decided: approved.\nNo vote was taken back.');
    expect(await said('ben', 'reject --reason x')).toBe(
      'The question is decided: approved.\nNothing was rejected.',
    );
  });

  test('under a question that is void it votes for nothing, and says so', async () => {
    const { room, promote, question } = await asking();
    await room.origin.commit('release/kestrel-v0.44.0', { 'FIX.md': 'fix\n' }, 'Fix a crash');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote, 'superseded');
    expect((await room.reacts('ben', question, '✅')).text).toBe(
      'That question is not asked any more. Nobody voted.',
    );
  });
});

describe('buttons', () => {
  test('of an old question are refused by its seal', async () => {
    const { room, promote, question } = await asking();
    const old = await room.message(question);
    await room.origin.commit('release/kestrel-v0.44.0', { 'FIX.md': 'fix\n' }, 'Fix a crash');
    await room.over(await room.starts('ana', 'release fixup'));
    const again = await room.starts('ana', 'release promote');
    await room.seal(again);
    const button = old.buttons.find((one) => one.id === 'approve');
    if (button?.does.is !== 'say') throw new Error('the question has no button');
    const before = await room.state(again);
    const pressed = async (args: Record<string, string>) =>
      hearSaying(
        { opened: room.opened, verbs },
        {
          by: { issuer: 'local', workspace: 'sandbox', user: 'ben', name: 'ben' },
          place: { chat: 'local', room: 'rel-kestrel' },
          request: JSON.stringify(args),
        },
        { verb: 'approve', args },
      );
    const { say } = button.does;
    // As it was, and with its seal on the question of now.
    for (const args of [say.args, { ...say.args, run: again }])
      expect(JSON.stringify(await pressed(args))).toMatch(/void|not what is asked now|over|no approval/);
    expect((await room.state(again)).gates['approve']?.votes).toEqual(before.gates['approve']?.votes);
    expect((await room.state(promote)).finished?.outcome).toBe('superseded');
  });

  test('the same press delivered twice is one act, and gives the same answer', async () => {
    const { room, promote, question } = await asking();
    const both = await Promise.all(
      [1, 2].map(() => room.presses('ben', 'approve', { marker: question, request: 'once' })),
    );
    expect(both[0]?.text).toBe(both[1]?.text);
    expect((await room.events(promote)).filter((one) => one.type === 'vote.cast')).toHaveLength(1);
    // Another act under the same request is refused.
    expect((await room.types('ben', '/release cancel', { request: 'once' })).text).toContain(
      'Something else was said under this request before.',
    );
    await room.over(promote);
  });
});

describe('looking', () => {
  test('writes nothing down, however long the answer is', async () => {
    const room = await openRoom({ process: 'preset' });
    const cut = await room.starts('ana', 'release cut');
    await room.over(cut);
    const { records } = room.opened;
    const line = `\u001b[31ma line\u202e of a log, ${'x'.repeat(80)}\n`;
    await records.create(`logs/${cut}/build/2/000000`, Buffer.from(line.repeat(10_000)));
    await records.create(`logs/${cut}/build/2/000001`, Buffer.from('the last one\n'));
    const before = await records.list('inbox/');
    for (const line of [`log ${cut} build`, 'status', 'history', 'version', 'verify'])
      expect((await room.types('cat', `/release ${line}`)).text).not.toBe('');
    const shown = (await room.types('cat', `/release log ${cut} build`)).text.split('\n');
    expect(shown).toHaveLength(12);
    expect(shown[0]).toBe('Log of build, kestrel 0.44.0rc1, the last 10 lines:');
    expect(shown[1]).toMatch(/^ {2}\\u001b\[31ma line\\u202e of a log, x{20,}…$/);
    expect(shown.slice(-2)).toEqual(['  the last one', '[Open the whole log→]']);
    expect((await room.types('cat', `/release log ${cut} tag`)).text).toContain('has written no log.');
    expect(await records.list('inbox/')).toEqual(before);
    expect(await records.list('open/inbox/')).toEqual([]);
  });
});

test('what is typed as empty is not taken for what was not said', async () => {
  const room = await openRoom({ process: 'preset' });
  for (const line of ['--plan ""', '""', '--reason "" --force', '--plan= '])
    expect((await room.types('ana', `/release cut ${line}`)).text).toContain('othing was started.');
  expect(await room.opened.records.names('open/runs/')).toEqual([]);
});

describe('places', () => {
  test('who acts does it in a room of the project, whatever he names', async () => {
    const { room, promote, question } = await asking();
    const seal = await room.seal(promote);
    const elsewhere = 'kestrel is released in #rel-kestrel. Nothing was started.\n[Go there→]';
    for (const line of [
      '/release cut',
      '/release cut --project kestrel',
      `/release cancel ${promote}`,
      `/release approve ${promote} --seal ${seal}`,
      '/release freeze kestrel --until 4h --reason x',
      '/release point stable 0.43.2 --reason x',
    ])
      expect((await room.types('ben', line, { room: 'eng-process' })).text).toBe(elsewhere);
    const said = await room.presses('ben', 'approve', { marker: question });
    expect(said.text).not.toContain('released in');
    await room.over(promote);
    // Looking is possible wherever one may know of it.
    expect((await room.types('cat', '/release status', { room: 'releases' })).text).toContain('open');
    expect((await room.types('cat', '/release history', { room: 'releases' })).text).toContain('0.44.0');
  });

  test('nobody acts in a project that is no sandbox', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.set('slipway.yaml', ['isolation'], 'none');
    await room.set('slipway.yaml', ['projects', 'kestrel', 'sandbox'], false);
    const { text } = await room.types('ana', '/release cut');
    expect(text).toContain('kestrel is no sandbox project');
    expect(text).toContain('Nothing was started.');
    expect((await room.types('ana', '/release')).text).toContain('You may start nothing of kestrel.');
    expect((await room.types('ana', '/release status')).text).not.toContain('Start a release');
  });

  test('a slipway.yaml that cannot be read is an answer, and nothing is started', async () => {
    const room = await openRoom({ process: 'preset' });
    await room.edit('slipway.yaml', (text) => text.replace('policy: standard', 'policy: gone'));
    for (const line of ['/release', '/release cut', '/release help'])
      expect((await room.types('ana', line)).text).toMatch(
        /slipway\.yaml:\d+:\d+: .*gone[\s\S]*othing was started/,
      );
  });

  test('a project whose room is private is shown and named nowhere else', async () => {
    const { room, promote } = await asking();
    await room.set('slipway.yaml', ['rooms', 'rel-kestrel', 'private'], true);
    const where = { room: 'eng-process' };
    expect((await room.types('cat', '/release status', where)).text).not.toContain('kestrel');
    for (const line of [
      `/release status ${promote}`,
      '/release history --project kestrel',
      `/release log ${promote} build`,
    ])
      expect((await room.types('cat', line, where)).text).toBe(
        'kestrel is released in another room. Nothing was started.',
      );
    expect((await room.types('cat', '/release cut', where)).text).toBe(
      'kestrel is released in another room. Nothing was started.',
    );
    for (const line of ['/release history --project nope', '/release cut --project __proto__'])
      expect((await room.types('ana', line, where)).text).toMatch(
        /^There is no project "(nope|__proto__)"\. Nothing was started\.$/,
      );
    expect((await room.types('ana', '/release stop-everything --reason x', where)).text).not.toContain(
      'kestrel',
    );
    expect((await room.types('ana', '/release resume-everything', where)).text).not.toContain('kestrel');
    // In its own room it is as before.
    expect((await room.types('cat', '/release status')).text).toContain('kestrel 0.44.0');
  });
});

describe('hostile text', () => {
  const hostile = [
    '<img src=x onerror=alert(1)> @channel <!here> [x](javascript:alert(1))',
    '\u202egnp.exe \u0007\u001b[31m',
    '__proto__',
    '`${process.exit(1)}` {{x}} %s',
    'x'.repeat(3_000),
  ];

  test('in every place of every verb starts nothing, changes nothing, and comes back as text', async () => {
    const room = await openRoom({ process: 'preset' });
    for (const verb of verbs) {
      const names = [
        ...verb.positional.map((one) => one.slice(1, -1)),
        ...verb.options
          .filter(({ flags }) => flags.includes('<'))
          .map(({ flags }) => (flags.split(' ')[0] ?? '').slice(2)),
      ];
      for (const text of hostile) {
        const args = Object.fromEntries(names.map((name) => [name, text]));
        if (verb.name === 'stop-everything') continue;
        const answer = await hearSaying(
          { opened: room.opened, verbs },
          {
            by: { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'ana' },
            place: { chat: 'local', room: 'rel-kestrel' },
            request: `${verb.name} ${text.slice(0, 40)}`,
          },
          { verb: verb.name, args },
        );
        if (answer.is !== 'message') continue;
        Message.parse(answer.message);
        const pieces = answer.message.blocks.flatMap((block) =>
          'lines' in block && block.is !== 'code' ? block.lines : [],
        );
        expect(pieces.length).toBeLessThanOrEqual(12);
        expect(JSON.stringify(answer.message).length).toBeLessThan(20_000);
        expect(answer.message.text.length).toBeLessThanOrEqual(1_500);
      }
    }
    expect(await room.opened.records.names('open/runs/')).toEqual([]);
  });

  test('a line of 2,000 words, and one of 4,000 characters, are answered in a sentence', async () => {
    const room = await openRoom({ process: 'preset' });
    for (const line of [
      `/release cut ${'word '.repeat(2_000)}`,
      `/release ${'x'.repeat(4_000)}`,
      `@slipway ${'“'.repeat(3_999)}`,
    ])
      expect((await room.types('ana', line)).text.length).toBeLessThan(400);
  });
});
