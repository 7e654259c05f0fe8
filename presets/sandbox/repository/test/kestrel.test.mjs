import assert from 'node:assert/strict';
import test from 'node:test';
import { longestLines, widthOf } from '../src/kestrel.mjs';

test('the longest line comes first', () => {
  const lines = longestLines('a\nlonger\nlong', 2).map(({ line }) => line);
  assert.deepEqual(lines, ['longer', 'long']);
});

test('a tab goes to the next multiple of eight', () => {
  assert.equal(widthOf('\t'), 8);
  assert.equal(widthOf('abc\td'), 9);
});
