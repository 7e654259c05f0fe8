import { describe, expect, test } from 'vitest';
import { failedStep, solvedStep } from '../../../src/chat/views/run-failure.js';
import { answeredStep, unknownStep } from '../../../src/chat/views/run-unknown.js';
import { stepOf, type RunState, type StepState } from '../../../src/release/run-state.js';
import * as f from './facts.js';

function step(state: RunState, id: string): StepState {
  const found = stepOf(state, id);
  if (found === undefined) throw new Error(id);
  return found;
}

const failed = f.runAt(...f.failedUpload);
const tail = [
  'reading dist/kestrel-0.44.0rc1.tar.gz',
  'PUT https://storage.example/releases/kestrel-0.44.0rc1.tar.gz with 50541363 bytes',
  '403 AccessDenied',
];

describe('a step that failed', () => {
  test('names the cause, what is public, what a retry does, and the end of the log', () => {
    const message = failedStep(
      f.factsOf(failed, { logs: { store: { tail, lines: 212 } } }),
      step(failed, 'store'),
    );
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: failed at step 5 of 8, Upload
      The store refused: 403 AccessDenied. Tried once.
      Public: branch, bump commit. Not public: upload, move internal, tag, announce. internal serves 0.43.2.
      Retry goes on with sha256:9f2c81d04a7e, built 14:38. Nothing is built again.
      Let the worker write releases/.
        reading dist/kestrel-0.44.0rc1.tar.gz
        PUT https://storage.example/releases/kestrel-0.44.0rc1.tar.…
        403 AccessDenied
      @Mira Kahn · attempt 1 · whole log, 212 lines
      [Retry upload]+ [Abandon 0.44.0]!"
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"kestrel 0.44.0rc1: failed at step 5 of 8, Upload. The store refused: 403 AccessDenied. Tried once. Public: branch, bump commit. Not public: upload, move internal, tag, announce. internal serves 0.43.2. Retry goes on with sha256:9f2c81d04a7e, built 14 Oct 2025 14:38 UTC. Nothing is built again. Let the worker write releases/. Mira Kahn · attempt 1 · whole log, 212 lines. Buttons: Retry upload, Abandon 0.44.0."`,
    );
    expect(message.buttons.map(({ id, does }) => [id, does])).toMatchInlineSnapshot(`
      [
        [
          "retry",
          {
            "is": "say",
            "say": {
              "args": {
                "run": "kestrel_0.44.0_cut_1",
                "step": "store",
              },
              "verb": "retry",
            },
          },
        ],
        [
          "abandon",
          {
            "is": "say",
            "say": {
              "args": {
                "operation": "abandon",
                "project": "kestrel",
                "version": "0.44.0",
              },
              "verb": "release",
            },
          },
        ],
      ]
    `);
  });

  test('that may be skipped asks for the reason and the second person', () => {
    const state = f.runAt(...f.toBuild, f.claimAt(f.at(14, 32), 'build'), [
      f.at(14, 33),
      {
        type: 'step.failed',
        step: 'build',
        attempt: 1,
        code: 'command-failed',
        message: 'node scripts/build.mjs ended with exit code 3',
        hint: '',
        retryAt: 0,
        sent: false,
      },
    ]);
    const message = failedStep(f.factsOf(state), step(state, 'build'));
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: failed at step 4 of 8, Build
      node scripts/build.mjs ended with exit code 3. Tried once.
      Public: branch, bump commit. Not public: upload, move internal, tag, announce. internal serves 0.43.2.
      Retry runs build again. What is done before it stays.
      @Mira Kahn · attempt 1 · it left no log
      [Retry build]+ [Skip…] [Abandon 0.44.0]!"
    `);
    expect(message.buttons[1]?.does).toMatchObject({
      is: 'form',
      form: {
        say: { verb: 'skip', args: { step: 'build' } },
        fields: [{ name: 'reason' }, { name: 'second' }],
      },
    });
  });

  test('of a promotion offers to cancel it, and never to give up the line', () => {
    const state = f.runAt(f.promoteCreated(), f.claimAt(f.at(15, 0), 'notes'), [
      f.at(15, 1),
      {
        type: 'step.failed',
        step: 'notes',
        attempt: 1,
        code: 'network',
        message: 'no answer',
        hint: '',
        retryAt: 0,
        sent: false,
      },
    ]);
    expect(f.drawn(failedStep(f.factsOf(state), step(state, 'notes')))).toContain(
      '\n[Retry notes]+ [Cancel the promotion]',
    );
  });

  test('and was retried says who did it, and has no buttons', () => {
    const trying = f.runAt(...f.failedUpload, ...f.retriedUpload.slice(0, 2));
    const solved = f.runAt(...f.failedUpload, ...f.retriedUpload);
    expect(f.drawn(solvedStep(f.factsOf(trying), step(trying, 'store'), f.mira, f.at(14, 51))))
      .toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: Upload tried again
      Mira Kahn retried 14:51. Upload has not come to an end yet."
    `);
    expect(f.drawn(solvedStep(f.factsOf(solved), step(solved, 'store'), f.mira, f.at(14, 51))))
      .toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: Upload solved
      Mira Kahn retried 14:51. Upload done 14:52."
    `);
  });

  test('and whose run ended says that it was left', () => {
    const state = f.runAt(
      ...f.failedUpload,
      [f.at(14, 45), { type: 'run.cancelled', by: f.ada, boundary: false }],
      [f.at(14, 45), { type: 'run.finished', outcome: 'cancelled', reason: 'by Ada Osei' }],
    );
    expect(f.drawn(solvedStep(f.factsOf(state), step(state, 'store'), undefined, 0))).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: Upload stayed failed
      The run ended 14:45 without it."
    `);
  });
});

describe('a step whose outcome nobody can look up', () => {
  const open: Parameters<typeof f.runAt> = [
    ...f.wholeCut.slice(0, -3),
    f.claimAt(f.at(14, 41), 'announce'),
    [
      f.at(14, 42),
      {
        type: 'step.unknown',
        step: 'announce',
        attempt: 1,
        question: 'The mail to release-list may have been sent; it cannot be looked up.',
      },
    ],
  ];
  const state = f.runAt(...open);

  test('asks the one open fact', () => {
    const message = unknownStep(f.factsOf(state, { wentOnAt: f.at(14, 42) }), step(state, 'announce'));
    expect(f.drawn(message)).toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: stopped by a restart, one answer needed
      Looked up 14:42, not remembered. Public: branch, bump commit, upload, move internal, tag. Not public: announce.
      internal serves 0.43.2.
      Unknown: The mail to release-list may have been sent; it cannot be looked up.
      The run waits. If announce was done, it goes on; if not, announce is done now.
      @Mira Kahn · attempt 1
      [It was done] [Do it now]"
    `);
    expect(message.buttons.map(({ does }) => does)).toMatchInlineSnapshot(`
      [
        {
          "is": "say",
          "say": {
            "args": {
              "made": "true",
              "run": "kestrel_0.44.0_cut_1",
              "step": "announce",
            },
            "verb": "answer",
          },
        },
        {
          "is": "say",
          "say": {
            "args": {
              "not-made": "true",
              "run": "kestrel_0.44.0_cut_1",
              "step": "announce",
            },
            "verb": "answer",
          },
        },
      ]
    `);
    expect(unknownStep(f.factsOf(state), step(state, 'announce')).header).toBe(
      'kestrel 0.44.0rc1: one answer needed, Announce',
    );
  });

  test('says how it was answered', () => {
    const answered = f.runAt(...open, [
      f.at(14, 50),
      { type: 'step.answered', step: 'announce', answer: 'made', by: f.mira },
    ]);
    expect(f.drawn(answeredStep(f.factsOf(answered), step(answered, 'announce'), f.mira, f.at(14, 50))))
      .toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: Announce answered
      Mira Kahn answered 14:50. Announce counts as done."
    `);
    const anew = f.runAt(...open, [
      f.at(14, 50),
      { type: 'step.answered', step: 'announce', answer: 'not-made', by: f.mira },
    ]);
    expect(f.drawn(answeredStep(f.factsOf(anew), step(anew, 'announce'), f.mira, f.at(14, 50))))
      .toMatchInlineSnapshot(`
      "kestrel 0.44.0rc1: Announce answered
      Mira Kahn answered 14:50. Announce is done anew."
    `);
  });
});
