import { afterAll, afterEach, expect, test } from 'vitest';
import { openIndex } from '../../src/engine/open-index.js';
import { reconcile } from '../../src/engine/reconcile.js';
import { start } from '../../src/engine/start.js';
import { leaveRooms, openRoom, removeSandboxes } from '../conversation/room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

test('a run that was admitted right before a crash is created, also where its line has left the index', async () => {
  const room = await openRoom();
  const { engine } = room;
  const crashes = {
    ...engine,
    runs: { ...engine.runs, update: () => Promise.reject(new Error('the process died')) },
  };
  const ask = {
    request: 'one',
    project: 'kestrel',
    operation: 'cut',
    kind: 'start',
    target: '0.44.0',
    inputs: {},
    by: { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'Ana' },
  } as const;
  await expect(start(crashes, ask)).rejects.toThrow('the process died');
  const run = 'kestrel_0.44.0_cut_1';
  expect(await engine.runs.load(run)).toBeUndefined();
  // A run that ended on the same line at that moment took the entry away.
  await openIndex(engine.records).remove('lines', 'kestrel_0.44.0');
  await reconcile(engine);
  await room.over(run);
});
