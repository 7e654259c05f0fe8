import { describe, expect, test } from 'vitest';
import { runBoard } from '../../../src/chat/views/run-board.js';
import { admitted, lv } from '../../release/fixtures.js';
import * as f from './facts.js';

const building = f.runAt(...f.toBuild, f.claimAt(f.at(14, 32), 'build'));
const cut = f.runAt(...f.wholeCut);
const fixup = 'kestrel_0.44.0_fixup_1';
const begins = admitted('change', fixup, { version: '0.44.0rc2', candidate: 2, operation: 'fixup' });

describe('the board of a cut', () => {
  test('while it runs', () => {
    const message = runBoard(f.factsOf(building));
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: cutting, step 4 of 8
      ✅ Branch release/kestrel-v0.44.0 · done 3 s
      ✅ Lock files · done 2 s
      ✅ Bump commit 5d6e7f8 · done 4 s
      ⏳ Build · running since 14:32, usually 6 min
      ▫️ Upload · to do
      ▫️ Move internal · to do
      ▫️ Tag · to do
      ▫️ Announce · to do
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      [Details→] [Cancel the cut]"
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"kestrel 0.44.0rc1: cutting, step 4 of 8. Running: Build since 14 Oct 2025 14:32 UTC, usually 6 min. Done: Branch release/kestrel-v0.44.0, Lock files, Bump commit 5d6e7f8. To do: Upload, Move internal, Tag, Announce. Asked by Mira Kahn 14 Oct 2025 14:31 UTC · 14 changes · plan 9C41-07E2. Buttons: Details, Cancel the cut."`,
    );
    expect(message.buttons.at(-1)?.confirm).toMatchInlineSnapshot(`
      {
        "no": "Keep going",
        "text": "Build stops. Branch and bump commit stay public. /release cut goes on with it.",
        "title": "Cancel this cut?",
        "yes": "Cancel the cut",
      }
    `);
  });

  test('says that a step is slow when it takes half as long again as usual', () => {
    const later = f.factsOf(building, { now: f.at(14, 41, 1) });
    expect(f.drawn(runBoard(later))).toContain(
      '⚠️ Build · warning: slow, running since 14:32, usually 6 min',
    );
    expect(f.drawn(runBoard({ ...later, now: f.at(14, 41) }))).toContain('⏳ Build · running since 14:32');
    expect(f.drawn(runBoard({ ...later, usual: {} }))).toContain('⏳ Build · running since 14:32\n');
  });

  test('whose upload failed names the step, and leads to the question', () => {
    expect(f.drawn(runBoard(f.factsOf(f.runAt(...f.failedUpload))))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: failed at step 5 of 8, Upload
      ✅ Branch release/kestrel-v0.44.0 · done 3 s
      ✅ Lock files · done 2 s
      ✅ Bump commit 5d6e7f8 · done 4 s
      ✅ Build · done 6 min 00 s
      ❌ Upload · failed 14:39
      ▫️ Move internal · to do
      ▫️ Tag · to do
      ▫️ Announce · to do
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      [Open the question→]+ [Details→]"
    `);
  });

  test('whose upload was retried shows the attempt, and no span that people were waited for', () => {
    const state = f.runAt(...f.failedUpload, ...f.retriedUpload);
    expect(f.drawn(runBoard(f.factsOf(state)))).toContain('✅ Upload · done 14:52, attempt 2\n');
  });

  test('that is ready offers what comes next', () => {
    const channels = [{ channel: 'internal', serves: '0.44.0rc1', pin: undefined }];
    const message = runBoard(f.factsOf(cut, { channels }));
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: ready on internal
      ✅ 8 steps · done 7 min 22 s
      internal serves 0.44.0rc1 sha256:9f2c81d04a7e, read back 14:39
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      [Promote…]+ [Make rc2] [Abandon 0.44.0]!"
    `);
    expect(message.mood).toBe('done');
    expect(message.buttons[0]).toMatchInlineSnapshot(`
      {
        "about": "Promote kestrel 0.44.0",
        "confirm": {
          "no": "Not yet",
          "text": "What ships is built first. Approval is asked before anything is published.",
          "title": "Promote kestrel 0.44.0?",
          "yes": "Promote",
        },
        "does": {
          "is": "say",
          "say": {
            "args": {
              "operation": "promote",
              "project": "kestrel",
              "version": "0.44.0",
            },
            "verb": "release",
          },
        },
        "id": "promote",
        "label": "Promote…",
        "style": "primary",
      }
    `);
  });

  test('loses its buttons as soon as something newer happens on the line', () => {
    const line = f.lineOf(...f.openLineEvents, begins);
    expect(f.drawn(runBoard(f.factsOf(cut, { line, isNewest: false })))).toContain('\n[Record→]');
    const after = f.lineOf(...f.openLineEvents, begins, lv.reached(fixup));
    expect(f.drawn(runBoard(f.factsOf(cut, { line: after, isNewest: false })))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: ready, then replaced by rc2
      ✅ 8 steps · done 7 min 22 s
      internal served 0.44.0rc1 sha256:9f2c81d04a7e, read back 14:39
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      [Record→]"
    `);
  });

  test('asks for what an operation cannot be started without', () => {
    const asks = { abandon: [{ input: 'reason', about: 'Why' }] };
    const [, , abandon] = runBoard(f.factsOf(cut, { asks })).buttons;
    expect(abandon).toMatchInlineSnapshot(`
      {
        "about": "Abandon kestrel 0.44.0",
        "does": {
          "form": {
            "about": [
              {
                "pieces": [
                  {
                    "is": "text",
                    "text": "Branch and commits stay. The number is not used again.",
                  },
                ],
              },
            ],
            "close": "Keep it",
            "fields": [
              {
                "hint": "",
                "is": "text",
                "label": "Why",
                "long": false,
                "name": "input:reason",
                "required": true,
                "value": "",
              },
            ],
            "say": {
              "args": {
                "operation": "abandon",
                "project": "kestrel",
                "version": "0.44.0",
              },
              "verb": "release",
            },
            "submit": "Abandon",
            "title": "Abandon 0.44.0?",
          },
          "is": "form",
        },
        "id": "abandon",
        "label": "Abandon 0.44.0…",
        "style": "danger",
      }
    `);
  });

  test('that was skipped in part is loud about it when it is done', () => {
    const state = f.runAt(
      ...f.toBuild,
      [
        f.at(14, 32),
        { type: 'step.skipped', step: 'build', reason: 'runner down', by: f.mira, second: f.ada },
      ],
      ...f.afterBuild,
    );
    expect(f.drawn(runBoard(f.factsOf(state)))).toContain(
      '⏭️ Build · skipped by Mira Kahn, second Ada Osei: "runner down"',
    );
  });

  test('that nobody lets go on says who, and why', () => {
    const paused = f.runAt(...f.toBuild, f.claimAt(f.at(14, 32), 'build'), [
      f.at(14, 33),
      { type: 'run.paused', by: f.ada, reason: 'wait for the fix' },
    ]);
    expect(f.drawn(runBoard(f.factsOf(paused)))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: cutting, paused at step 4 of 8
      ✅ Branch release/kestrel-v0.44.0 · done 3 s
      ✅ Lock files · done 2 s
      ✅ Bump commit 5d6e7f8 · done 4 s
      ⏳ Build · running since 14:32, usually 6 min
      ▫️ Upload · to do
      ▫️ Move internal · to do
      ▫️ Tag · to do
      ▫️ Announce · to do
      ⏸️ This cut · paused by Ada Osei: "wait for the fix"
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      [Resume the cut] [Details→] [Cancel the cut]"
    `);
    const halt = { by: f.jonas, reason: 'keys leaked', at: f.at(14, 34) };
    expect(f.drawn(runBoard(f.factsOf(f.runAt(...f.toBuild), { halt })))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: cutting, held at step 4 of 8
      ✅ Branch release/kestrel-v0.44.0 · done 3 s
      ✅ Lock files · done 2 s
      ✅ Bump commit 5d6e7f8 · done 4 s
      ▫️ Build · to do
      ▫️ Upload · to do
      ▫️ Move internal · to do
      ▫️ Tag · to do
      ▫️ Announce · to do
      ⏸️ Everything · paused by Jonas Weil 14:34: "keys leaked"
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      [Details→] [Cancel the cut]"
    `);
  });

  test('shows pins, exceptions and that it went on after a restart', () => {
    const pin = {
      channel: 'stable',
      version: '0.43.2',
      reason: 'db migration',
      files: [],
      before: '',
      by: f.jonas,
      at: 0,
    };
    const [, ...more] = f.toBuild;
    const because = 'in the freeze "quarter end": "security fix"';
    const state = f.runAt(f.cutCreated({ because }), ...more);
    const channels = [{ channel: 'stable', serves: '0.43.2', pin }];
    expect(f.drawn(runBoard(f.factsOf(state, { channels, wentOnAt: f.at(14, 39) })))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: cutting, step 4 of 8
      ✅ Branch release/kestrel-v0.44.0 · done 3 s
      ✅ Lock files · done 2 s
      ✅ Bump commit 5d6e7f8 · done 4 s
      ▫️ Build · to do
      ▫️ Upload · to do
      ▫️ Move internal · to do
      ▫️ Tag · to do
      ▫️ Announce · to do
      ⚠️ An exception · warning: in the freeze "quarter end": "security fix"
      🔒 kestrel stable · pinned to 0.43.2 by Jonas Weil: "db migration"
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      Went on after a restart 14:39
      [Details→] [Cancel the cut]"
    `);
  });

  test('that was cancelled says what is public, and how it goes on', () => {
    const cancelled: Parameters<typeof f.runAt> = [
      ...f.toBuild,
      [f.at(14, 33), { type: 'run.cancelled', by: f.ada, boundary: false }],
    ];
    expect(f.drawn(runBoard(f.factsOf(f.runAt(...cancelled))))).toContain(
      'kestrel 0.44.0rc1: cutting, being cancelled',
    );
    const over = f.runAt(...cancelled, [
      f.at(14, 34),
      { type: 'run.finished', outcome: 'cancelled', reason: 'by Ada Osei' },
    ]);
    expect(f.drawn(runBoard(f.factsOf(over)))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: cut cancelled by Ada Osei
      ✅ Branch release/kestrel-v0.44.0 · done 3 s
      ✅ Lock files · done 2 s
      ✅ Bump commit 5d6e7f8 · done 4 s
      Over since 14:34.
      Public: branch, bump commit. Not public: upload, move internal, tag, announce. /release cut goes on with it.
      internal serves 0.43.2.
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      [Record→]"
    `);
  });

  test('with an open outcome leads to the question', () => {
    const state = f.runAt(...f.wholeCut.slice(0, -3), f.claimAt(f.at(14, 41), 'announce'), [
      f.at(14, 42),
      { type: 'step.unknown', step: 'announce', attempt: 1, question: 'Was it said?' },
    ]);
    expect(f.drawn(runBoard(f.factsOf(state)))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: cutting, one answer needed
      ✅ Branch release/kestrel-v0.44.0 · done 3 s
      ✅ Lock files · done 2 s
      ✅ Bump commit 5d6e7f8 · done 4 s
      ✅ Build · done 6 min 00 s
      ✅ Upload · done 1 min 00 s
      ✅ Move internal · done 10 s
      ✅ Tag kestrel-v0.44.0rc1 · done 2 s
      ⚠️ Announce · warning: outcome unknown, one answer needed
      Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
      [Open the question→]+ [Details→]"
    `);
  });

  test('past the point of no return can only be stopped after the step', () => {
    const state = f.runAt(...f.wholeCut.slice(0, -5), f.claimAt(f.at(14, 40), 'tag'));
    const [, stop] = runBoard(f.factsOf(state)).buttons;
    expect(stop).toMatchInlineSnapshot(`
      {
        "about": "Stop kestrel 0.44.0rc1 after this step",
        "confirm": {
          "no": "Keep going",
          "text": "Branch, bump commit, upload and move internal stay public. Nothing is taken back. [Resume] goes on with the rest.",
          "title": "Stop after this step?",
          "yes": "Stop after this step",
        },
        "does": {
          "is": "say",
          "say": {
            "args": {
              "run": "kestrel_0.44.0_cut_1",
            },
            "verb": "cancel",
          },
        },
        "id": "cancel",
        "label": "Stop after this step",
        "style": "default",
      }
    `);
  });
});

describe('the board of a promotion', () => {
  test('at its gate leads to the question, which has the buttons of the decision', () => {
    const state = f.runAt(...f.toGate);
    const questions = [f.questionOf(state)];
    expect(f.drawn(runBoard(f.factsOf(state, { questions })))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: promoting, approval 0 of 2
      ✅ Notes · done 1 s
      ⏭️ Arm smoke · skipped by Mira Kahn, second Ada Osei: "runner down"
      ✅ Bump commit d4e5f6a · done 1 s
      ✅ Build · done 42 s
      ✋ Approval · waiting, 0 of 2, until 15:00
      ▫️ Push · to do
      ▫️ Upload · to do
      ▫️ Tag · to do
      ▫️ Move internal and stable · to do
      ▫️ Announce · to do
      Asked by Mira Kahn 15:00 · 14 changes · plan 9C41-07E2
      [Open the question→]+ [Details→] [Cancel the promotion]"
    `);
  });

  test('that is over says what was read back, who approved, and what it took', () => {
    expect(f.drawn(runBoard(f.factsOf(f.runAt(...f.wholePromote))))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: released to stable
      ✅ 9 steps · done 1 min 04 s
      Read back 16:10: push, upload, tag, internal, stable (last).
      Approved by Ada Osei, Jonas Weil · seal 7F3A-91C2
      1 min 04 s of machines, 1 h 09 min of waiting: approval 1 h 09 min
      ⏭️ Arm smoke · skipped by Mira Kahn, second Ada Osei: "runner down"
      Asked by Mira Kahn 15:00 · 14 changes · plan 9C41-07E2
      [Record→]"
    `);
  });

  test('does not say of a channel that it serves what it does not serve', () => {
    const pinned = f.wholePromote.map(([time, event]): (typeof f.wholePromote)[number] => [
      time,
      event.type === 'step.done' && event.step === 'channel'
        ? { ...event, proof: 'internal serves 0.44.0, stable serves 0.43.2 (pinned to 0.43.2 by Jonas Weil)' }
        : event,
    ]);
    const said = f.drawn(runBoard(f.factsOf(f.runAt(...pinned))));
    expect(said).toContain('kestrel 0.44.0: released\n');
    expect(said).toContain(
      '⚠️ Move internal and stable · warning: internal serves 0.44.0, stable serves 0.43.2',
    );
    expect(said).not.toContain('Read back 16:10: push, upload, tag, internal');
  });

  test.each<['rejected' | 'expired', string, string]>([
    ['rejected', 'Crash on first start on arm.', 'Crash on first start on arm.'],
    ['expired', '', 'nobody decided in time'],
  ])('that was %s says what users get', (outcome, reason, why) => {
    const state = f.runAt(
      ...f.toGate,
      f.decidedAt(f.at(15, 20), outcome, outcome === 'expired' ? [] : [f.jonas], reason),
      [f.at(15, 20), { type: 'run.finished', outcome, reason: why }],
    );
    expect(f.drawn(runBoard(f.factsOf(state)))).toMatchSnapshot();
  });

  test('that a fixup superseded says so', () => {
    const state = f.runAt(
      ...f.toGate,
      [
        f.at(15, 20),
        { type: 'gate.voided', step: 'approve', seal: f.theSeal, changed: `superseded by ${fixup}` },
      ],
      [f.at(15, 20), { type: 'run.finished', outcome: 'superseded', reason: `by ${fixup}` }],
    );
    expect(f.drawn(runBoard(f.factsOf(state, { isNewest: false })))).toMatchInlineSnapshot(`
      "kestrel 0.44.0: promotion superseded
      ✅ Notes · done 1 s
      ⏭️ Arm smoke · skipped by Mira Kahn, second Ada Osei: "runner down"
      ✅ Bump commit d4e5f6a · done 1 s
      ✅ Build · done 42 s
      Superseded by the fixup, 15:20.
      Public: nothing. Not public: push, upload, tag, move internal and stable, announce.
      Asked by Mira Kahn 15:00 · 14 changes · plan 9C41-07E2
      [Record→]"
    `);
  });
});

test('the board of a hotfix offers its first candidate', () => {
  const state = f.runAt(
    f.cutCreated({
      operation: 'hotfix',
      kind: 'hotfix',
      version: '0.44.1',
      target: '0.44.1',
      steps: f.cutSteps.slice(0, 1),
    }),
    ...f.doneAt('branch', f.at(14, 31), f.at(14, 31, 3)),
    [f.at(14, 32), { type: 'run.finished', outcome: 'done', reason: '' }],
  );
  const run = 'kestrel_0.44.1_hotfix_1';
  const line = f.lineOf(admitted('hotfix', run, { version: '0.44.1' }), lv.reached(run));
  expect(f.drawn(runBoard(f.factsOf(state, { line })))).toMatchInlineSnapshot(`
    "kestrel 0.44.1: opened, no candidate yet
    ✅ Branch release/kestrel-v0.44.0 · done 3 s
    Next: merge the fix into release/kestrel-v0.44.1, then make a candidate.
    Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
    [Make a candidate]+ [Abandon 0.44.1]!"
  `);
});

test('a long run folds what is done and what is to do', () => {
  const { events, facts } = f.longRun(20, 14);
  expect(f.drawn(runBoard(facts(f.runAt(...events))))).toMatchInlineSnapshot(`
    "kestrel 0.44.0rc1: cutting, step 15 of 20
    ✅ 14 steps · done 14 min 00 s
    ⏳ Part 15 · running since 14:45
    ▫️ Part 16 · to do
    ▫️ 4 more · to do
    Asked by Mira Kahn 14:31 · 14 changes · plan 9C41-07E2
    [Details→] [Cancel the cut]"
  `);
});
