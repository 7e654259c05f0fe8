import { describe, expect, it } from 'vitest';
import { signs } from '../../src/chat/signs.js';
import type { MessageView } from '../../src/web/api.js';

/** The browser's own modules, as they are served. They have no types here: the compiler checks them by themselves. */
const client = async (name: string) =>
  import(/* @vite-ignore */ new URL(`../../src/web/client/${name}.js`, import.meta.url).href);

const { marks } = await client('marks');
const { addressOf, messageAddress, placeOf, roomAddress, runAddress, threadAddress } = await client('place');
const { dayHeading, readable } = await client('time');
const { withMessage } = await client('store');
const { spoken } = await client('button');

const at = (path: string): unknown => placeOf(new URL(path, 'http://127.0.0.1:4774'));

describe('the browser client', () => {
  it('writes the marks that all chats write', () => {
    expect(marks).toEqual(signs);
  });

  it.each(['rel-kestrel', '@ana', 'a/b', '../..', 'ä ? # %', 'x&thread=y'])('finds room %s again', (room) => {
    expect(at(roomAddress(room))).toEqual({ is: 'room', room, marker: '', thread: '' });
    expect(at(messageAddress(room, room))).toEqual({ is: 'room', room, marker: room, thread: '' });
    expect(at(threadAddress(room, room))).toEqual({ is: 'room', room, marker: '', thread: room });
    expect(at(runAddress(room))).toEqual({ is: 'run', run: room });
  });

  it.each(['/rooms', '/rooms/%ff', '/rooms/a/b/c', '/runs/a/b', '/other/a'])('is nowhere at %s', (path) => {
    expect(at(path)).toEqual({ is: 'nowhere' });
  });

  it('follows addresses outside only by https, and shows their host', () => {
    const to = (url: string): unknown => addressOf({ to: 'url', url });
    expect(to('https://example.com/a')).toEqual({ href: 'https://example.com/a', host: 'example.com' });
    expect(to('https://good.example@evil.example/')).toMatchObject({ host: 'evil.example' });
    for (const url of ['http://example.com', 'javascript:alert(1)', 'data:text/html,x', '//example.com', ''])
      expect(to(url)).toBeUndefined();
  });

  it('gives a button the words that people see', () => {
    expect(spoken('Not now', 'Set the changes of kestrel 0.44.0 aside')).toBe(
      'Not now: Set the changes of kestrel 0.44.0 aside',
    );
    expect(spoken('Abandon 0.44.0…', 'Abandon kestrel 0.44.0')).toBe('Abandon kestrel 0.44.0');
    expect(spoken('Make rc2', 'Make rc2')).toBeUndefined();
  });

  it('leaves the date out only today, and the year only this year', () => {
    const noon = (year: number, month: number, day: number): number =>
      new Date(year, month, day, 12, 5).getTime();
    const now = noon(2026, 10, 20);
    expect(readable(noon(2026, 10, 20), now)).toBe('12:05');
    expect(readable(noon(2026, 10, 20), now, 'date-and-time')).toBe('20 Nov 12:05');
    expect(readable(noon(2026, 10, 19), now)).toBe('19 Nov 12:05');
    expect(readable(noon(2025, 10, 20), now)).toBe('20 Nov 2025 12:05');
    expect(dayHeading(noon(2026, 10, 20), now)).toBe('Today');
    expect(dayHeading(noon(2026, 10, 19), now)).toBe('Yesterday');
    expect(dayHeading(noon(2026, 9, 14), now)).toBe('Wednesday 14 Oct');
  });

  it('puts an edit where the message stands, and a late message where it belongs', () => {
    const message = (marker: string, when: number, words: string): MessageView => ({
      room: 'rel-kestrel',
      marker,
      at: when,
      editedAt: 0,
      under: '',
      to: '',
      by: { is: 'slipway' },
      message: null,
      words,
      reactions: [],
    });
    const [one, three] = [message('one', 1, 'one'), message('three', 3, 'three')];
    const edited = message('one', 1, 'edited');
    expect(withMessage([one, three], edited)).toEqual([edited, three]);
    expect(withMessage([one, three], message('two', 2, '')).map(({ marker }: MessageView) => marker)).toEqual(
      ['one', 'two', 'three'],
    );
  });
});
