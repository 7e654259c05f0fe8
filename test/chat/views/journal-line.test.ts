import { expect, test } from 'vitest';
import { journalLine } from '../../../src/chat/views/journal-line.js';
import type { RunEvent } from '../../../src/release/run-events.js';

const ana = { issuer: 'local', workspace: 'sandbox', user: 'ana', name: 'Ana' } as const;
const seal = '7f3a91c2'.padEnd(64, '0');
const step = 'tag';
const at = Date.UTC(2025, 9, 14, 14, 32);

const events: RunEvent[] = [
  { type: 'run.paused', by: ana, reason: 'lunch' },
  { type: 'run.resumed', by: ana },
  { type: 'run.cancelled', by: ana, boundary: false },
  { type: 'run.committed' },
  { type: 'run.finished', outcome: 'superseded', reason: 'by rc3' },
  { type: 'gate.opened', step, seal, expiresAt: at, need: 1, may: ['ben'] },
  { type: 'vote.cast', step, seal, by: ana },
  { type: 'vote.withdrawn', step, seal, by: ana },
  { type: 'gate.held', step, seal, by: ana },
  { type: 'gate.decided', step, seal, outcome: 'rejected', by: [ana], reason: 'arm crashes', policy: '' },
  { type: 'gate.voided', step, seal, changed: 'the notes changed' },
  { type: 'step.claimed', step, attempt: 2, worker: 'worker-1' },
  {
    type: 'step.failed',
    step,
    attempt: 2,
    code: 'git-failed',
    message: 'Denied.',
    hint: '',
    retryAt: 0,
    sent: false,
  },
  { type: 'step.waiting', step, attempt: 1, for: 'the soak', checkAt: at },
  { type: 'step.interrupted', step, attempt: 1, sent: true },
  { type: 'step.skipped', step, reason: 'runner down', by: ana, second: { ...ana, name: 'Ben' } },
  { type: 'step.retried', step, by: ana },
  { type: 'step.answered', step, answer: 'not-made', by: ana },
  { type: 'step.settled', step, removed: 1 },
];

test('every event is one sentence for people', () => {
  const lines = events.map((event) => {
    const { by, what } = journalLine(event, () => 'Tag');
    return `${by} | ${what}`;
  });
  expect(lines).toMatchInlineSnapshot(`
    [
      "Ana | Paused: "lunch". Nothing new starts.",
      "Ana | Resumed: it goes on.",
      "Ana | Cancelled: commands are stopped, nothing new starts.",
      "Slipway | Took the release line: nothing supersedes this run any more.",
      "Slipway | Ended: superseded, by rc3.",
      "Slipway | Asked for approval of seal 7F3A-91C2: 1 approval is needed, until 14 Oct 2025 14:32 UTC.",
      "Ana | Approved seal 7F3A-91C2.",
      "Ana | Withdrew the vote for seal 7F3A-91C2.",
      "Ana | Holds seal 7F3A-91C2: while somebody does, no vote opens the gate.",
      "Ana | Decided seal 7F3A-91C2: rejected: "arm crashes". Nothing ships.",
      "Slipway | Void: seal 7F3A-91C2 holds no more, the notes changed. Its votes count for nothing.",
      "worker-1 | Tag: attempt 2 began.",
      "Slipway | Tag: failed: Denied. Nothing was sent. A person decides.",
      "Slipway | Tag: waits for the soak, looked at again 14 Oct 2025 14:32 UTC.",
      "Slipway | Tag: interrupted; what was sent is looked up.",
      "Ana | Tag: skipped: "runner down", second Ben.",
      "Ana | Tag: tried again.",
      "Ana | Tag: answered: it was not made, so it is made again.",
      "Slipway | Tag: looked for twins of its message: 1 removed.",
    ]
  `);
});

test('foreign text stays on its line and is seen as it is', () => {
  const by = { ...ana, name: 'Ana\u202e<b>' };
  const line = journalLine({ type: 'step.skipped', step, reason: 'a\nb', by }, () => 'Tag');
  expect(line).toEqual({ by: 'Ana\\u202e<b>', what: 'Tag: skipped: "a\\u000ab".' });
});
