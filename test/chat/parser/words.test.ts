import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitWords } from '../../../src/chat/parser/words.js';

function texts(line: string): string[] | string {
  const split = splitWords(line);
  return split.is === 'words'
    ? split.words.map((word) => word.text)
    : `${split.quote} at ${split.column} is not closed`;
}

describe('words of a line', () => {
  test.each([
    ['cut 0.44.0', ['cut', '0.44.0']],
    ['  cut \t 0.44.0  ', ['cut', '0.44.0']],
    ['', []],
    ['skip upload --reason "runner down"', ['skip', 'upload', '--reason', 'runner down']],
    // A phone makes these of straight quotes and of two dashes.
    ['skip upload —reason “runner down”', ['skip', 'upload', '--reason', 'runner down']],
    ['–reason ‘runner down’', ['--reason', 'runner down']],
    ['--reason «quai fermé»', ['--reason', 'quai fermé']],
    ['--reason „Lager leer“', ['--reason', 'Lager leer']],
    // One end may have stayed straight.
    ['--reason “runner down"', ['--reason', 'runner down']],
    ['--reason="runner down" now', ['--reason=runner down', 'now']],
    ["--reason='runner down'", ['--reason=runner down']],
    // An apostrophe is no quote, inside of quotes and outside.
    ["it's fine", ["it's", 'fine']],
    ['don’t "it’s fine"', ['don’t', 'it’s fine']],
    ["'it's fine'", ["it's fine"]],
    [String.raw`"say \"no\"" \"x`, ['say "no"', '"x']],
    [String.raw`C:\path "a\b"`, [String.raw`C:\path`, String.raw`a\b`]],
    // Blanks that look like blanks, and those that look like nothing.
    ['cut\u00a00.44.0', ['cut', '0.44.0']],
    ['cut\u2003 0.44.0', ['cut', '0.44.0']],
    ['\u200bcut\ufeff 0.\u200b44.0\u2060', ['cut', '0.44.0']],
    ['cut \u200b\u200b 0.44.0', ['cut', '0.44.0']],
    ['"a\u200bb"', ['a\u200bb']],
    // A dash that stands for itself, and one that is quoted.
    ['a — b', ['a', '—', 'b']],
    ['“—reason”', ['—reason']],
    ['""', ['']],
    ['a""b "c d"e', ['ab', 'c de']],
  ])('%j', (line, words) => {
    expect(texts(line)).toEqual(words);
  });

  test.each([
    ['cut “0.44.0', '“ at 5 is not closed'],
    ['"', '" at 1 is not closed'],
    ["--reason 'it's", "' at 10 is not closed"],
    ['😀 "x', '" at 3 is not closed'],
    [String.raw`"x\"`, '" at 1 is not closed'],
  ])('%j says where the quote is', (line, problem) => {
    expect(texts(line)).toBe(problem);
  });

  test('a quoted word is known as one, and every word knows its column', () => {
    expect(splitWords('say "--reason" –force')).toEqual({
      is: 'words',
      words: [
        { text: 'say', column: 1, quoted: false },
        { text: '--reason', column: 5, quoted: true },
        { text: '--force', column: 16, quoted: false },
      ],
    });
  });

  test('never throws, and keeps plain words as they are', () => {
    fc.assert(
      fc.property(hostile, (line) => {
        const split = splitWords(line);
        if (split.is === 'unclosed') expect([...line][split.column - 1]).toBe(split.quote);
        else for (const { column } of split.words) expect(column).toBeLessThanOrEqual([...line].length);
      }),
      { numRuns: 10_000 },
    );
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9.=_-]{1,12}$/)), (words) => {
        expect(texts(words.join(' '))).toEqual(words);
      }),
    );
    // Whatever is put into straight quotes comes back as it is, once its quotes are kept.
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '-', '—', '\u200b', 'é', '😀', '=') }),
        (text) => {
          expect(texts(`"${text}"`)).toEqual([text]);
        },
      ),
    );
  });
});

/** Strings as somebody types them who wants to break something. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', "'", '“', '”', '‘', '’', '«', '\\', '-', '–', '—', '=', ' ', '\n', '\u00a0'),
  }),
  fc.string({
    unit: fc.constantFrom(
      '/release',
      '@slipway',
      ' ',
      'cut',
      '--',
      '\u200b',
      '\ud800',
      '\u202e',
      '\0',
      '"',
      '__proto__',
    ),
  }),
);
