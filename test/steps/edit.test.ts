import { describe, expect, it } from 'vitest';
import { insertBelow } from '../../src/steps/edit.js';

function edit(text: string, insert = '  - v2', below = 'options:'): string {
  return Buffer.from(insertBelow('menu.yml', Buffer.from(text), { insert, below })).toString();
}

describe('an edit', () => {
  it.each([
    ['a\noptions:\n  - v1\n', 'a\noptions:\n  - v2\n  - v1\n'],
    ['a\r\noptions:\r\n  - v1\r\n', 'a\r\noptions:\r\n  - v2\r\n  - v1\r\n'],
    ['options:', 'options:\n  - v2'],
    ['\ufeffa\noptions:\n', '\ufeffa\noptions:\n  - v2\n'],
    ['options:\n  - v2\n', 'options:\n  - v2\n'],
  ])('inserts a line into %j', (before, after) => {
    expect(edit(before)).toBe(after);
  });

  it('needs exactly one such line, whole and exact', () => {
    expect(() => edit('none\n options:\n')).toThrow(/has no line that is "options:"/);
    expect(() => edit('options:\nx\noptions:\n')).toThrow(/has 2 lines \(1, 3\)/);
    expect(() => insertBelow('x', Uint8Array.of(0xff), { insert: 'a', below: 'b' })).toThrow(/not UTF-8/);
  });
});
