import { describe, expect, test } from 'vitest';
import { clip, firstThatFits, fitLine, headline, quoted } from '../../../src/chat/views/fit.js';
import { about, given } from '../../../src/chat/views/marks.js';
import { inSentences, stated, told } from '../../../src/chat/views/sentences.js';
import { answer } from '../../../src/chat/views/answers/answer.js';
import { bold, code, fence, line, lines, link, marked, says } from '../../../src/chat/compose.js';

describe('what a phone shows well', () => {
  test('a clipped text ends with an ellipsis, never in half a character', () => {
    expect(clip('abcdef', 6)).toBe('abcdef');
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('a😀😀', 3)).toBe('a…');
  });

  test('a header keeps its state before its name, and shows no mark', () => {
    const header = headline(
      'a-project-with-a-very-long-name-indeed 0.44.0',
      'waiting for the approval of 2 people',
    );
    expect(header).toBe('a-project-with-a-very…: waiting for the approval of 2 people');
    expect(headline('kestrel ✅', '⚠️ failed')).toBe('kestrel: failed');
    expect(firstThatFits('x'.repeat(61), 'short')).toBe('short');
    expect(firstThatFits('x'.repeat(61))).toHaveLength(60);
  });

  test('a reason is one quoted line', () => {
    expect(quoted('first\n\nsecond\u2028third')).toBe('"first second third"');
  });

  test('nothing in a line is hidden or turned around', () => {
    const evil = 'safe\u202eevil\u2066 a\u200bb\u2060 \u0007\u001b[2J';
    const seen = 'safe\\u202eevil\\u2066 a\\u200bb\\u2060 \\u0007\\u001b[2J';
    expect(quoted(evil)).toBe(`"${seen}"`);
    const pieces = [evil, bold(evil), code(evil), link(evil, { to: 'room', room: 'x' })];
    for (const { blocks } of [
      told({ header: '', mood: 'plain', blocks: [lines(line(...pieces)), fence(evil)], buttons: [] }),
      answer({ lines: [line(...pieces)] }),
    ])
      expect(JSON.stringify(blocks)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\ufeff]/u);
    // What words of many languages and emoji are made of stays.
    expect(quoted('\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d💻')).toBe(
      '"\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d💻"',
    );
  });

  test('a line gives way at its end, and keeps people', () => {
    const long = fitLine(
      line('x'.repeat(200), { is: 'person', id: 'ana', name: 'Ana', ping: true }, ' tail'),
    );
    expect(long.pieces.map((piece) => ('text' in piece ? piece.text.length : piece.is))).toEqual([
      160,
      'person',
    ]);
  });

  test('usual and given times have as much of them as people use', () => {
    expect([400, 42_000, 372_000, 3_900_000].map(about)).toEqual(['1 s', '42 s', '6 min', '1 h 05 min']);
    expect([30, 60, 24 * 60, 288, 4 * 24 * 60].map((minutes) => given(minutes * 60_000 - 9))).toEqual([
      '30 min',
      '1 h',
      '24 h',
      '4 h 48 min',
      '4 d 0 h',
    ]);
  });
});

describe('the text of a message', () => {
  test('groups lines by their state, what needs somebody first', () => {
    const all = lines(
      stated('done', 'Branch', [' 3 s']),
      stated('failed', 'Build', [' at once']),
      stated('done', 'Tag', [' 2 s, attempt 2']),
      line(bold('Ships'), ' 0.44.0'),
    );
    expect(
      inSentences(
        'kestrel: failed',
        [all, fence('secret → log')],
        [says('r', 'Retry build', { verb: 'retry', args: {} })],
      ),
    ).toBe('kestrel: failed. Failed: Build at once. Done: Branch, Tag. Ships: 0.44.0. Buttons: Retry build.');
  });

  test('calls a line by its mark where it has no twin word', () => {
    const said = lines(marked('paused', 'Everything is stopped by Ana.'));
    expect(inSentences('', [said], [])).toBe('Paused: Everything is stopped by Ana.');
  });

  test('reads arrows and marks of others as words, and leaves their fences out', () => {
    const [text] = [line('stable 1.0 → 1.1 ```✅``` ⏳ => next\u202E')].map((one) =>
      inSentences('', [lines(one)], []),
    );
    expect(text).toBe('stable 1.0 to 1.1 check mark to next\\u202e.');
  });

  test('stops at a whole sentence', () => {
    const { text } = told({
      header: 'kestrel: long',
      mood: 'plain',
      blocks: [lines(...Array.from({ length: 30 }, () => line('word '.repeat(25).trim())))],
      buttons: [],
    });
    expect(text.length).toBeLessThanOrEqual(1_500);
    expect(text.endsWith('word.')).toBe(true);
  });
});
