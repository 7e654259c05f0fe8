import { expect, test } from 'vitest';
import { verbs } from '../../../commands/index.js';
import { strayCommand } from '../../../src/chat/parser/stray-command.js';

const grammar = {
  verbs,
  operations: [
    { name: 'cut', inputs: [] },
    { name: 'promote', inputs: [] },
  ],
};

test.each([
  ['/relase cut', '/release cut', '/release cut'],
  ['/relase', '/release', '/release'],
  ['/Released promte 0.44.0', '/release promote', '/release promote 0.44.0'],
  ['/cut', '/release cut', '/release cut'],
  [' /cutt', '/release cut', '/release cut'],
  ['/status', '/release status', '/release status'],
  ['/help', '/release help', '/release help'],
])('%j was probably meant as %s', (line, said, meant) => {
  const wrong = strayCommand(line, grammar);
  const [word = ''] = line.trim().split(' ');
  expect(wrong).toMatchObject({ message: `"${word}" is not a command. Did you mean ${said}?`, hint: '' });
  expect(wrong?.suggestion?.line).toBe(meant);
});

test('where nothing is near, help is named', () => {
  expect(strayCommand('/giphy a boat', grammar)).toEqual({
    message: '"/giphy" is not a command.',
    hint: '/release help lists what you can say.',
    suggestion: undefined,
  });
  expect(strayCommand(`/${'x'.repeat(500)}`, grammar)?.message.length).toBeLessThan(70);
});

test.each(['/release cut', '/usr/bin/env', '/', '// no', '/ release', '/44', 'and/or', '@slipway cut', ''])(
  '%j is no mistyped command',
  (line) => {
    expect(strayCommand(line, grammar)).toBeUndefined();
  },
);
