import { expect, test } from 'vitest';
import { says } from '../../../../src/chat/compose.js';
import { chatTongue, plainLines } from '../../../../src/chat/plain-text.js';
import { sentencesAnswer } from '../../../../src/chat/views/answers/answer.js';

test('a long answer shows its beginning, and the rest when it is asked for', () => {
  const all = ['', ...Array.from({ length: 30 }, (_, at) => `line ${at}`), ' Add --as <person>.'];
  const asked: number[] = [];
  const more = (from: number) => {
    asked.push(from);
    return says('more', 'Show more', { verb: 'log', args: {} });
  };
  const shown = (from: number): string[] => plainLines(sentencesAnswer(all, { from, more }), chatTongue);
  expect(shown(0)).toEqual([...all.slice(1, 12), 'And 19 more lines.']);
  expect(shown(11)).toEqual([...all.slice(12, 23), 'And 8 more lines.']);
  expect(shown(22)).toEqual(all.slice(23, 31));
  expect(asked).toEqual([11, 22]);
});

test('a line of any length, whatever stands in it, is a short one', () => {
  for (const evil of ['slipway cancel kestrel_0.44.0_cut_1 ', 'x', '\u202e', '✅ ', '"'])
    expect(JSON.stringify(sentencesAnswer([evil.repeat(50_000)])).length).toBeLessThan(8_000);
});
