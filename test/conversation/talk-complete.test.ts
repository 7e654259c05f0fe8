import { afterAll, afterEach, expect, test } from 'vitest';
import { verbs } from '../../commands/index.js';
import { complete } from '../../src/app/talk/complete.js';
import { leaveRooms, openRoom, removeSandboxes, type Room } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

/** What is offered to somebody who has typed this, as the lines that they make. */
async function offered(room: Room, person: string, text: string, name = 'rel-kestrel'): Promise<string[]> {
  const found = await complete(
    { opened: room.opened, verbs },
    {
      by: { issuer: 'local', workspace: 'sandbox', user: person, name: person },
      place: { chat: 'local', room: name },
      text,
    },
  );
  return found.map(({ line }) => line);
}

test('what could be typed next, what this person may do first', async () => {
  const room = await openRoom({ process: 'preset' });
  expect(await offered(room, 'ana', 'hello')).toEqual([]);
  expect(await offered(room, 'ana', '/r')).toEqual(['/release ']);
  expect((await offered(room, 'ana', '/release')).slice(0, 3)).toEqual([
    '/release cut ',
    '/release fixup ',
    '/release promote ',
  ]);
  expect(await offered(room, 'ana', '/release pro')).toEqual(['/release promote ']);
  expect(await offered(room, 'ana', '/release rove')).toEqual(['/release approve ']);
  // Cat may look; what others decide comes after that.
  const heads = await offered(room, 'cat', '/release ');
  expect(heads[0]).toBe('/release plan ');
  expect(heads).toHaveLength(10);
  expect(await offered(room, 'ana', '@slipway stat')).toEqual(['@slipway status ']);
  expect(await offered(room, 'ana', '/release plan f')).toEqual(['/release plan fixup ']);
  expect(await offered(room, 'ana', '/release cut --re')).toEqual(['/release cut --reason ']);
  expect(await offered(room, 'ana', '/release cut --second b')).toEqual(['/release cut --second ben ']);
  expect(await offered(room, 'ana', '/release point s')).toEqual(['/release point stable ']);
  expect(await offered(room, 'ana', '/release fixup comm')).toEqual(['/release fixup commits=']);
  expect(await offered(room, 'ana', '/release cut --reason "no end')).toEqual([]);
  expect(await offered(room, 'ana', '/release zzz ')).toEqual([]);

  await room.over(await room.starts('ana', 'release cut'));
  const promote = await room.starts('ana', 'release promote');
  await room.seal(promote);
  expect((await offered(room, 'ana', '/release fixup '))[0]).toBe('/release fixup 0.44.0 ');
  expect((await offered(room, 'ana', '/release retry '))[0]).toBe(`/release retry ${promote} `);
  expect(await offered(room, 'ana', `/release log ${promote} bu`)).toEqual([
    `/release log ${promote} bump-follow `,
    `/release log ${promote} bump `,
    `/release log ${promote} build `,
  ]);
  // What is offered in a private room stays there.
  await room.set('slipway.yaml', ['rooms', 'rel-kestrel', 'private'], true);
  expect(await offered(room, 'ana', '/release history --project ', 'eng-process')).toEqual([]);
  expect(await offered(room, 'ana', '/release cu', 'eng-process')).toEqual([]);
});

test('no line breaks it, and each line that is offered begins with what was typed', async () => {
  const room = await openRoom({ process: 'preset' });
  for (const text of [
    '/release \u202e',
    '/release __proto__ ',
    '/release cut --__proto__ ',
    `/release ${'x'.repeat(4_000)}`,
    '@slipway "',
    '/release cut =',
    '/release cut -',
    '\0',
  ])
    for (const line of await offered(room, 'ana', text))
      expect(line.startsWith(text.trimEnd().slice(0, 9))).toBe(true);
});
