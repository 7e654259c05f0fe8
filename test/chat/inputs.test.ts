import { expect, test } from 'vitest';
import { inputField, withInputs } from '../../src/chat/inputs.js';

test('fields of a form that are inputs of an operation become the one argument of the verb', () => {
  const said = { operation: 'abandon', [inputField('reason')]: 'bad bump', [inputField('ticket')]: '' };
  expect(withInputs(said)).toEqual({ operation: 'abandon', input: 'reason=bad bump' });
  expect(withInputs({ input: 'a=1', [inputField('b')]: '2' })).toEqual({ input: 'a=1\nb=2' });
});

test('a value cannot bring an input of its own with it', () => {
  expect(withInputs({ [inputField('reason')]: 'why\nversion=9.9' })).toEqual({
    input: 'reason=why version=9.9',
  });
});

test('what has no inputs stays as it is', () => {
  expect(withInputs({ run: 'r', step: 's' })).toEqual({ run: 'r', step: 's' });
});
