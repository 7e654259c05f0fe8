import { expect, test } from 'vitest';
import { WaitSettings } from '../../src/process/kinds/gates.js';

test('a wait is for a moment or for a time', () => {
  expect(WaitSettings.safeParse({ until: '2026-03-31T16:00Z' }).success).toBe(true);
  expect(WaitSettings.safeParse({ for: '2h' }).success).toBe(true);
  expect(WaitSettings.safeParse({ for: '2h', until: '2026-03-31T16:00Z' }).success).toBe(false);
  expect(WaitSettings.safeParse({}).success).toBe(false);
});
