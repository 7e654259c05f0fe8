import { afterAll, afterEach, expect, test } from 'vitest';
import { medians, usualTimes } from '../../../src/app/show/usual-times.js';
import { leaveRooms, openRoom, removeSandboxes } from '../../conversation/room.js';
import type { RunState } from '../../../src/release/run-state.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

test('the usual time is the median of what was really done', async () => {
  const room = await openRoom({ process: 'preset' });
  expect(await usualTimes(room.opened, 'kestrel', 'cut')).toEqual({});
  const run = await room.starts('ana', 'release cut');
  const state = await room.over(run);
  const usual = await usualTimes(room.opened, 'kestrel', 'cut');
  const build = state.steps.find(({ outline }) => outline.id === 'build');
  expect(usual['build']).toBe((build?.endedAt ?? 0) - (build?.startedAt ?? 0));
  expect(await usualTimes(room.opened, 'kestrel', 'cut', 'kestrel_0.44.0_cut_1')).toEqual({});
  expect(await usualTimes(room.opened, 'kestrel', 'promote')).toEqual({});
  expect(await usualTimes(room.opened, 'other', 'cut')).toEqual({});

  const taking = (ms: number, change: object = {}): RunState => ({
    ...state,
    steps: state.steps.map((step) => ({ ...step, startedAt: 1_000, endedAt: 1_000 + ms, ...change })),
  });
  expect(medians([taking(5), taking(900), taking(20)])['build']).toBe(20);
  expect(medians([taking(10), taking(20)])['build']).toBe(15);
  expect(medians([taking(10), taking(500, { adopted: true })])['build']).toBe(10);
  expect(medians([taking(10), taking(500, { status: 'skipped' })])['build']).toBe(10);
  expect(medians([])).toEqual({});
});
