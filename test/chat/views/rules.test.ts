import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Line, Message, Piece } from '../../../src/chat/message.js';
import { Message as MessageSchema } from '../../../src/chat/message.js';
import { signs } from '../../../src/chat/signs.js';
import { fixupOffer } from '../../../src/chat/views/fixup-offer.js';
import { runBoard } from '../../../src/chat/views/run-board.js';
import type { QuestionFacts, RunFacts } from '../../../src/chat/views/run-facts.js';
import { failedStep, solvedStep } from '../../../src/chat/views/run-failure.js';
import { closedQuestion, openQuestion } from '../../../src/chat/views/run-question.js';
import { answeredStep, unknownStep } from '../../../src/chat/views/run-unknown.js';
import { personReminder, threadReminder } from '../../../src/chat/views/reminder.js';
import { foldRun } from '../../../src/release/fold-run.js';
import { isNotLegal } from '../../../src/release/folded.js';
import type { RunEvent, StepOutline } from '../../../src/release/run-events.js';
import type { GateState, RunState, StepState } from '../../../src/release/run-state.js';
import { created, inOrder, outline } from '../../release/fixtures.js';
import * as f from './facts.js';

/** Text that somebody else wrote and that would like to be more than text. */
const hostile = fc.oneof(
  fc.constantFrom(
    '<!channel> @everyone <@U1>',
    '✅ Tag · done\n❌ Build · failed',
    '```\nrm -rf /\n```',
    '[click](https://evil.example) *bold*',
    '\u202Egnp.exe\u0000\u001B[2J',
    '→→→ ⚠️ 🔒',
    'x'.repeat(1_900),
    '😀'.repeat(400),
    '',
  ),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
);

const kinds = ['run', 'branch', 'commit', 'tag', 'store', 'channel', 'follow', 'announce', 'checks', 'wait'];

const anyStep = fc.record({
  kind: fc.constantFrom(...kinds),
  public: fc.constantFrom<StepOutline['public']>('no', 'reversible', 'for-ever'),
  effect: fc.constantFrom<StepOutline['effect']>('none', 'conditional', 'searched', 'once'),
  skippable: fc.boolean(),
});

interface Story {
  state: RunState;
  texts: string[];
  voided: GateState[];
}

/** Which of the events below takes a step on: it begins, it is done; a gate opens, is voted on, and is approved. */
function usual(step: StepState | undefined, choice: number): number {
  if (step?.outline.gate === true) return step.status === 'todo' ? 12 : 13 + (choice % 3);
  return step?.status === 'claimed' ? 2 + (choice % 2) : 0;
}

/** Something that may happen to a run; what cannot happen now is left out. */
function nextEvent(state: RunState, choice: number, text: string): RunEvent {
  const steps = state.steps.filter(({ status }) => status !== 'done' && status !== 'skipped');
  const step = steps[0] ?? state.steps[0];
  const id = step?.outline.id ?? '';
  const attempt = step?.attempt ?? 0;
  const short = text.slice(0, 200) || 'because';
  const by = { ...f.ada, name: short };
  const gate = { step: id, seal: f.theSeal };
  const all: RunEvent[] = [
    { type: 'step.claimed', step: id, attempt: attempt + 1, worker: 'w1' },
    { type: 'step.intent', step: id, attempt: attempt || 1, key: 'k' },
    {
      type: 'step.done',
      step: id,
      attempt: attempt || 1,
      outputs: '',
      proof: text,
      adopted: false,
      settleAt: 0,
    },
    {
      type: 'step.done',
      step: id,
      attempt: attempt || 1,
      outputs: '',
      proof: f.proofs['store'] ?? '',
      adopted: true,
      settleAt: 0,
    },
    {
      type: 'step.failed',
      step: id,
      attempt: attempt || 1,
      code: 'c',
      message: text,
      hint: text,
      retryAt: 0,
      sent: true,
    },
    {
      type: 'step.failed',
      step: id,
      attempt: attempt || 1,
      code: 'c',
      message: text,
      hint: text,
      retryAt: f.at(20, 0),
      sent: false,
    },
    { type: 'step.unknown', step: id, attempt: attempt || 1, question: text },
    { type: 'step.interrupted', step: id, attempt: attempt || 1, sent: true },
    { type: 'step.waiting', step: id, attempt: attempt || 1, for: text, checkAt: f.at(20, 0) },
    { type: 'step.skipped', step: id, reason: text, by, second: by },
    { type: 'step.retried', step: id, by },
    { type: 'step.answered', step: id, answer: 'made', by },
    { type: 'gate.opened', ...gate, expiresAt: f.at(39, 0), need: 2, may: ['ada'] },
    { type: 'vote.cast', ...gate, by },
    { type: 'gate.held', ...gate, by },
    { type: 'gate.decided', ...gate, outcome: 'approved', by: [by], reason: '', policy: '' },
    { type: 'gate.decided', ...gate, outcome: 'rejected', by: [by], reason: text, policy: '' },
    { type: 'gate.voided', ...gate, changed: text },
    { type: 'run.paused', by, reason: text },
    { type: 'run.resumed', by },
    { type: 'run.cancelled', by, boundary: false },
    { type: 'run.committed' },
    { type: 'run.finished', outcome: 'done', reason: '' },
    { type: 'run.finished', outcome: 'cancelled', reason: text },
    { type: 'run.finished', outcome: 'rejected', reason: text },
    { type: 'run.finished', outcome: 'superseded', reason: text },
  ];
  // Most of what happens to a run is that it goes on.
  const event = all[choice < all.length ? choice : usual(step, choice)];
  if (event === undefined) throw new Error('no event');
  return event;
}

/** Runs of all kinds that went all kinds of ways. */
const story = fc
  .record({
    steps: fc.array(anyStep, { minLength: 1, maxLength: 30, size: 'max' }),
    gateAt: fc.nat(12),
    kind: fc.constantFrom<RunState['created']['kind']>(
      'start',
      'change',
      'publish',
      'hotfix',
      'end',
      'work',
      'none',
    ),
    choices: fc.array(fc.tuple(fc.integer({ min: 0, max: 260 }), hostile), { maxLength: 150, size: 'max' }),
    operation: fc.constantFrom('cut', 'promote', 'a-rather-long-name-of-an-operation'),
    version: fc.constantFrom('0.44.0rc1', '0.44.0', `1.${'9'.repeat(60)}`),
    project: fc.constantFrom('kestrel', 'p'.repeat(60)),
    because: fc.option(hostile, { nil: undefined }),
  })
  .map(({ steps, gateAt, kind, choices, operation, version, project, because }): Story => {
    const outlines = inOrder(
      ...steps.map((one, place) =>
        place === gateAt
          ? outline('approve', { kind: 'approve', gate: true })
          : outline(`step-${place}`, one),
      ),
    );
    const first = created(outlines, {
      kind,
      operation,
      version,
      project,
      by: f.mira,
      ...(because !== undefined && { because: because.slice(0, 900) }),
    });
    let state = f.runAt([f.at(14, 0), first]);
    const voided: GateState[] = [];
    for (const [choice, text] of choices) {
      const event = nextEvent(state, choice, text);
      const next = foldRun(state, event, state.seq + 1, state.at + 1_000);
      if (isNotLegal(next)) continue;
      const gate = state.gates['approve'];
      if (event.type === 'gate.voided' && gate !== undefined) voided.push(gate);
      state = next;
    }
    return { state, texts: choices.map(([, text]) => text), voided };
  });

function factsAround({ state, texts, voided }: Story): RunFacts {
  const [text = ''] = texts;
  const by = { ...f.jonas, name: text.slice(0, 200) };
  const standing = Object.values(state.gates);
  const question = (gate: GateState, changed: string): QuestionFacts => ({
    gate,
    sealed: { ...f.sealed, differs: [text, text, text, text, text] },
    tally: f.tallyOf({
      notCounted: [{ name: text.slice(0, 200), because: 'unknown' }],
      counted: gate.votes.map((_, place) => ({ id: `v${place}`, name: text.slice(0, 200), roles: [] })),
    }),
    changes: { all: 3, breaking: 1 },
    moves: [{ channel: 'stable', from: text, to: '0.44.0' }],
    changed,
  });
  const pin = { channel: 'stable', version: '1', reason: text || 'why', files: [], before: '', by, at: 0 };
  return f.factsOf(state, {
    questions: [
      ...voided.map((gate) => question(gate, text || 'x')),
      ...standing.map((gate) => question(gate, '')),
    ],
    channels: ['stable', 'internal', 'latest', 'beta'].map((channel) => ({ channel, serves: text, pin })),
    halt: text.length % 2 === 0 ? { by, reason: text || 'why', at: f.at(14, 0) } : undefined,
    wentOnAt: f.at(14, 30),
    logs: Object.fromEntries(
      state.steps.map(({ outline: { id } }) => [id, { tail: [...texts, ...texts].slice(0, 8), lines: 99 }]),
    ),
  });
}

/** Every message that a run can show as it stands. */
function messagesOf(facts: RunFacts): { name: string; message: Message }[] {
  const { state, questions } = facts;
  const stuck = state.steps.filter(({ status }) => status === 'failed' || status === 'unknown');
  return [
    { name: 'board', message: runBoard(facts) },
    ...questions.flatMap((one) => {
      const isOpen = one.gate.decided === undefined && one.changed === '' && state.finished === undefined;
      return isOpen
        ? [
            { name: 'question', message: openQuestion(facts, one) },
            { name: 'reminder', message: threadReminder(facts, one, 50) },
            { name: 'told', message: personReminder(facts, one, 80) },
          ]
        : [{ name: 'closed', message: closedQuestion(facts, one) }];
    }),
    ...stuck.flatMap((step) => [
      { name: 'failure', message: failedStep(facts, step) },
      { name: 'solved', message: solvedStep(facts, step, f.ada, f.at(15, 0)) },
      { name: 'unknown', message: unknownStep(facts, step) },
      { name: 'answered', message: answeredStep(facts, step, f.ada, f.at(15, 0)) },
    ]),
  ];
}

const all = Object.values(signs).map((sign) => sign.replace('\uFE0F', ''));
const twins: Record<string, string[]> = {
  done: ['done'],
  running: ['running'],
  'to-do': ['to do'],
  waiting: ['waiting'],
  failed: ['failed'],
  skipped: ['skipped'],
  warning: ['warning'],
  paused: ['paused'],
  locked: ['locked', 'frozen', 'pinned'],
  void: ['void'],
};

function linesOf({ blocks }: Message): Line[] {
  return blocks.flatMap((block) => (block.is === 'lines' || block.is === 'small' ? block.lines : []));
}

function piecesOf(message: Message): Piece[] {
  return linesOf(message).flatMap(({ pieces }) => pieces);
}

function lineCount({ header, blocks }: Message): number {
  const lines = blocks.map((block) => (block.is === 'table' ? block.rows.length + 1 : block.lines.length));
  return lines.reduce((sum, one) => sum + one, header === '' ? 0 : 1);
}

const words = (line: Line): string =>
  line.pieces
    .map((piece) => ('text' in piece ? piece.text : piece.is === 'person' ? piece.name : '12:00'))
    .join('');

/** Every rule of the room that a message breaks. */
function broken({ name, message }: { name: string; message: Message }): string[] {
  const { header, buttons, text, blocks } = message;
  const of = (style: string): number => buttons.filter((one) => one.style === style).length;
  const signsIn = (spoken: string): boolean => all.some((sign) => spoken.includes(sign));
  const pings = piecesOf(message).filter((piece) => piece.is === 'person' && piece.ping).length;
  const isQuiet = ['board', 'closed', 'solved', 'answered', 'told'].includes(name);
  const rules: [string, boolean][] = [
    ['fits the model', MessageSchema.safeParse(message).success],
    [`a short header: ${header}`, header.length <= 60],
    [`no mark in the header: ${header}`, !signsIn(header)],
    ['at most 16 lines', lineCount(message) <= 16],
    ['at most three buttons', buttons.length <= 3],
    ['at most one primary and one danger', of('primary') <= 1 && of('danger') <= 1],
    ['each button has an id of its own', new Set(buttons.map(({ id }) => id)).size === buttons.length],
    ['short labels', buttons.every(({ label }) => label.length <= 24)],
    ['forms have dots', buttons.every(({ label, does }) => does.is !== 'form' || label.endsWith('…'))],
    ['a text of 1 to 1,500 characters', text.length > 0 && text.length <= 1_500],
    [`no mark in the text: ${text}`, !signsIn(text)],
    [
      `no arrow, fence or line in the text: ${text}`,
      !/[\u2190-\u21FF\p{Cc}\p{Bidi_Control}]|`{3}/u.test(text),
    ],
    [
      'a narrow fence',
      blocks.every((one) => one.is !== 'code' || one.lines.every((row) => row.length <= 60)),
    ],
    ['at most five people are told', pings <= (isQuiet ? 0 : 5)],
  ];
  return [...rules, ...linesOf(message).flatMap(lineRules)].flatMap(([rule, isKept]) =>
    isKept ? [] : [`${name}: ${rule}`],
  );
}

function lineRules(line: Line): [string, boolean][] {
  const said = words(line);
  const isOne: [string, boolean] = [`one line: ${said}`, !/[\r\n\u2028\u2029]/.test(said)];
  if (line.mark === undefined) return [isOne];
  const [, after = ''] = said.split(' · ');
  return [
    isOne,
    [`its twin word: ${said}`, twins[line.mark]?.some((twin) => after.startsWith(twin)) === true],
    [`its state early: ${said}`, said.indexOf(' · ') <= 50],
  ];
}

describe('whatever happens to a run', () => {
  test('its messages keep the rules of the room', () => {
    fc.assert(
      fc.property(story, (one) => {
        expect(messagesOf(factsAround(one)).flatMap(broken)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('its board has at most twelve lines of steps, and shows everything that needs somebody', () => {
    fc.assert(
      fc.property(story, (one) => {
        const facts = factsAround(one);
        const [block] = runBoard(facts).blocks;
        const lines = block?.is === 'lines' ? block.lines : [];
        const own = lines.filter(({ mark }) => mark !== 'locked' && mark !== undefined);
        expect(own.length).toBeLessThanOrEqual(12 + 3);
        const failed = one.state.steps.filter(({ status }) => status === 'failed');
        if (failed.length > 0) expect(lines.some(({ mark }) => mark === 'failed')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('nothing can be decided any more after a decision', () => {
    fc.assert(
      fc.property(story, (one) => {
        const facts = factsAround(one);
        const deciding = ['approve', 'reject', 'hold', 'retry', 'skip', 'answer'];
        const closed = messagesOf(facts).filter(({ name }) =>
          ['closed', 'solved', 'answered'].includes(name),
        );
        for (const { message } of closed)
          for (const { does } of message.buttons) {
            const verb = does.is === 'say' ? does.say.verb : does.is === 'form' ? does.form.say.verb : '';
            expect(deciding).not.toContain(verb);
          }
        if (one.state.finished !== undefined)
          for (const { does } of runBoard(facts).buttons)
            expect(does.is === 'say' && ['cancel', 'resume', 'retry'].includes(does.say.verb)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

test('foreign text is only ever literal text on a line of its own', () => {
  fc.assert(
    fc.property(hostile, hostile, (subject, author) => {
      const message = fixupOffer({
        project: 'kestrel',
        line: '0.44.0',
        candidate: '0.44.0rc1',
        next: '0.44.0rc2',
        head: 'a'.repeat(40),
        count: 1,
        commits: [{ sha: 'b'.repeat(40), subject, author }],
        operation: 'fixup',
        moves: ['internal'],
        setAside: undefined,
        made: '',
      });
      expect(broken({ name: 'offer', message })).toEqual([]);
      expect(linesOf(message)).toHaveLength(2);
      expect(linesOf(message)[0]?.pieces.map(({ is }) => is)).toEqual(['code', 'text']);
    }),
  );
});
