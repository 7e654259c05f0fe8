import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat, Reaction, Sent } from '../../src/chat/chat.js';
import { bold, code, fence, line, lines, link, marked, named, says, small } from '../../src/chat/compose.js';
import type { Message } from '../../src/chat/message.js';
import { renderingOf } from '../../src/chat/rendering.js';

/** A chat with what its people see and do, which the port cannot say. */
export interface ChatWorld {
  chat: Chat;
  /** Two rooms that it is in, and people of slipway.yaml that it knows. */
  rooms: [string, string];
  people: [string, string];
  /** Whether a second post of the same marker is refused; elsewhere it makes a twin, which a search finds. */
  refusesTwins: boolean;
  /** What a message says, as its readers see it: literal text, marks as signs. */
  reads(sent: Sent): Promise<string>;
  /** The marker of the message in whose thread it stands; '' for none. */
  threadOf(sent: Sent): Promise<string>;
  reacts(sent: Sent, person: string, emoji: string, on?: boolean): Promise<void>;
  /** What somebody was told alone. */
  toldTo(person: string): Promise<string[]>;
}

/** A message with every kind of part. */
export function messageOf(text: string): Message {
  return {
    header: 'kestrel 0.44.0rc1: cutting, step 4 of 8',
    mood: 'running',
    blocks: [
      lines(marked('done', 'Check main · done 3 s'), line(text, ' ', bold(text), ' ', code(text))),
      fence('last line of a log'),
      small(
        line('Asked by ', named('ana', 'Ana'), ', ', link('the room', { to: 'room', room: 'rel-kestrel' })),
      ),
    ],
    buttons: [says('cancel', 'Cancel the cut', { verb: 'cancel', args: { run: 'kestrel_0.44.0_cut_1' } })],
    text: `kestrel 0.44.0rc1: cutting, step 4 of 8. ${text}`,
  };
}

/** Text that a chat must show as it is, and that must do nothing there. */
export const hostile = [
  '<!channel> <@U123> @everyone @here',
  '<https://evil.example|click> [click](https://evil.example)',
  '*bold* _it_ ~no~ `code` ```fence``` > quote ||spoiler||',
  '&lt;b&gt; <img src=x onerror=alert(1)> &amp;',
  ':white_check_mark: \\*not bold\\* {"json":"\\n"}',
];

/** Registers what every `Chat` must do. `start` gives an empty one. */
export function chatContract(
  name: string,
  { start, stop }: { start: () => Promise<ChatWorld>; stop: () => Promise<void> },
): void {
  describe(name, () => {
    let world: ChatWorld;
    let chat: Chat;
    let room: string;
    let other: string;
    let count = 0;
    beforeAll(async () => {
      world = await start();
      chat = world.chat;
      [room, other] = world.rooms;
    });
    afterAll(stop);
    const marker = (): string => `kestrel_0.44.0_cut_${(count += 1)}_board`;
    const emojis = async (sent: Sent): Promise<string[]> =>
      (await chat.reactions(sent)).map(({ by, emoji }: Reaction) => `${by.user} ${emoji}`).toSorted();

    test('knows its rooms, and no others', async () => {
      expect(await chat.has(room)).toBe(true);
      expect(await chat.has(other)).toBe(true);
      expect(await chat.has('no-such-room')).toBe(false);
    });

    test('finds a message by its marker, in its room only', async () => {
      const here = marker();
      expect(await chat.search(room, here)).toEqual([]);
      const sent = await chat.post(room, here, messageOf('here'));
      expect(sent).toMatchObject({ room, marker: here, rendering: renderingOf(messageOf('here')) });
      expect(await chat.search(room, here)).toEqual([sent]);
      expect(await chat.search(other, here)).toEqual([]);
      expect(await chat.search(room, marker())).toEqual([]);
      // A marker that begins like another one is another one.
      expect(await chat.search(room, here.slice(0, -1))).toEqual([]);
      expect(await chat.search(room, `${here}s`)).toEqual([]);
    });

    test('what is said twice is one message, or found as twins of which one can be taken away', async () => {
      const twice = marker();
      const first = await chat.post(room, twice, messageOf('first'));
      await chat.post(room, twice, messageOf('second'));
      const found = await chat.search(room, twice);
      expect(found[0]?.id).toBe(first.id);
      expect(await world.reads(first)).toContain('first');
      expect(found).toHaveLength(world.refusesTwins ? 1 : 2);
      for (const twin of found.slice(1)) await chat.remove(twin);
      expect((await chat.search(room, twice)).map(({ id }) => id)).toEqual([first.id]);
    });

    test('said by many at once, it is still found', async () => {
      const many = marker();
      await Promise.all([1, 2, 3, 4].map(() => chat.post(room, many, messageOf('many'))));
      const found = await chat.search(room, many);
      expect(found).toHaveLength(world.refusesTwins ? 1 : 4);
    });

    test('an edit replaces what it says, and keeps its place, its name and its reactions', async () => {
      const sent = await chat.post(room, marker(), messageOf('before'));
      await world.reacts(sent, world.people[0], '✅');
      const edited = await chat.edit(sent, messageOf('after'));
      expect(edited).toEqual({ ...sent, rendering: renderingOf(messageOf('after')) });
      expect(await chat.search(room, sent.marker)).toEqual([edited]);
      expect(await world.reads(edited)).toContain('after');
      expect(await world.reads(edited)).not.toContain('before');
      expect(await emojis(edited)).toEqual([`${world.people[0]} ✅`]);
    });

    test('many edits leave the last one', async () => {
      let sent = await chat.post(room, marker(), messageOf('0'));
      for (let n = 1; n <= 12; n += 1) sent = await chat.edit(sent, messageOf(`number ${n}`));
      expect(await world.reads(sent)).toContain('number 12');
      expect(await chat.search(room, sent.marker)).toEqual([sent]);
    });

    test('what is gone cannot be edited', async () => {
      const sent = await chat.post(room, marker(), messageOf('gone'));
      await chat.remove(sent);
      expect(await chat.search(room, sent.marker)).toEqual([]);
      await expect(chat.edit(sent, messageOf('back'))).rejects.toThrow(sent.marker);
      expect(await chat.search(room, sent.marker)).toEqual([]);
    });

    test('stands in the thread of a message, and is found there', async () => {
      const parent = await chat.post(room, marker(), messageOf('parent'));
      const child = await chat.post(room, marker(), messageOf('child'), parent);
      expect(await world.threadOf(child)).toBe(parent.marker);
      expect(await world.threadOf(parent)).toBe('');
      expect(await chat.search(room, child.marker)).toEqual([child]);
      const edited = await chat.edit(child, messageOf('grown'));
      expect(await world.threadOf(edited)).toBe(parent.marker);
    });

    test('tells who reacted with what: people apart, skin tones away, what was taken back is gone', async () => {
      const sent = await chat.post(room, marker(), messageOf('vote'));
      const [ana, ben] = world.people;
      expect(await emojis(sent)).toEqual([]);
      await world.reacts(sent, ana, '✅');
      await world.reacts(sent, ana, '✅');
      await world.reacts(sent, ben, '✅');
      await world.reacts(sent, ben, '👍🏽');
      expect(await emojis(sent)).toEqual([`${ana} ✅`, `${ben} ✅`, `${ben} 👍`].toSorted());
      await world.reacts(sent, ben, '✅', false);
      await world.reacts(sent, ben, '👍🏽', false);
      expect(await emojis(sent)).toEqual([`${ana} ✅`]);
      await world.reacts(sent, ben, '✅');
      expect(await emojis(sent)).toEqual([`${ana} ✅`, `${ben} ✅`].toSorted());
    });

    test.each(hostile)('foreign text is shown as it is: %s', async (text) => {
      const sent = await chat.post(room, marker(), messageOf(text));
      expect(await world.reads(sent)).toContain(text);
    });

    test('tells one person alone, once', async () => {
      const [ana, ben] = world.people;
      const once = marker();
      await chat.tell(ana, once, messageOf('only you'));
      await chat.tell(ana, once, messageOf('only you, again'));
      const told = (await world.toldTo(ana)).filter((text) => text.includes('only you'));
      expect(told).toHaveLength(1);
      expect((await world.toldTo(ben)).join()).not.toContain('only you');
      expect(await chat.search(room, once)).toEqual([]);
    });
  });
}
