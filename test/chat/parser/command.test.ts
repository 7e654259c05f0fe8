import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verbs } from '../../../commands/index.js';
import { readLine, spokenTo, type Grammar } from '../../../src/chat/parser/command.js';

const grammar: Grammar = {
  verbs,
  operations: [
    { name: 'cut', inputs: [] },
    { name: 'fixup', inputs: ['commits'] },
    { name: 'promote', inputs: [] },
    { name: 'abandon', inputs: ['reason'] },
  ],
};
const inThread: Grammar = { ...grammar, run: 'kestrel_0.44.0_cut_1' };

/** A line in short: `release {operation: cut}`, or what is wrong with it. */
function read(line: string, by: Grammar = grammar): unknown {
  const typed = readLine(line, by);
  if (typed.is === 'say') return { [typed.verb]: typed.args };
  return typed.is === 'wrong' || typed.is === 'incomplete'
    ? [typed.wrong.message, typed.wrong.hint].filter(Boolean).join(' ')
    : typed.is;
}

describe('a line in a room', () => {
  test.each([
    'hello',
    'we should /release today',
    '/released',
    'mail me @slipwayer',
    '/ release cut',
    '',
    'slipway release cut',
  ])('%j is words', (line) => {
    expect(read(line)).toBe('words');
    expect(spokenTo(line)).toBeUndefined();
  });

  test.each([
    ['/release', 'bare'],
    [' /Release  ', 'bare'],
    ['@slipway', 'bare'],
    ['/release help', 'help'],
    ['@Slipway --help', 'help'],
    ['/release cut', { release: { operation: 'cut' } }],
    ['/RELEASE Cut 0.44.0', { release: { operation: 'cut', version: '0.44.0' } }],
    ['/release release cut', { release: { operation: 'cut' } }],
    ['\u200b/release\u00a0cut', { release: { operation: 'cut' } }],
    ['@slipway: status', { status: {} }],
    [
      '/release cut 0.44.0 —reason “quarter end”',
      { release: { operation: 'cut', version: '0.44.0', reason: 'quarter end' } },
    ],
    [
      '/release cut --reason "a" --dry-run',
      { release: { operation: 'cut', reason: 'a', 'dry-run': 'true' } },
    ],
    [
      '/release cut --dry-run 0.44.0',
      { release: { operation: 'cut', 'dry-run': 'true', version: '0.44.0' } },
    ],
    ['/release cut --reason="a b"', { release: { operation: 'cut', reason: 'a b' } }],
    ['/release cut reason="a b"', { release: { operation: 'cut', reason: 'a b' } }],
    // An input by its name, in each of the three ways.
    ['/release fixup commits=1a2b3c4', { release: { operation: 'fixup', input: 'commits=1a2b3c4' } }],
    ['/release fixup --commits 1a2b3c4', { release: { operation: 'fixup', input: 'commits=1a2b3c4' } }],
    ['/release fixup --commits=1a2b3c4', { release: { operation: 'fixup', input: 'commits=1a2b3c4' } }],
    ['/release plan fixup commits=1a2b3c4', { plan: { operation: 'fixup', input: 'commits=1a2b3c4' } }],
    ['/release fixup --input a=1 --input b=2', { release: { operation: 'fixup', input: 'a=1\nb=2' } }],
    // What is quoted is a value, whatever it looks like.
    ['/release where "--reason"', { where: { commit: '--reason' } }],
    [
      '/release skip kestrel_0.44.0_cut_1 store --reason "--all"',
      { skip: { run: 'kestrel_0.44.0_cut_1', step: 'store', reason: '--all' } },
    ],
  ])('%j', (line, typed) => {
    expect(read(line)).toEqual(typed);
  });

  test.each([
    ['/release prmote', '"prmote" is not a command. Did you mean /release promote?'],
    ['@slipway rtry', '"rtry" is not a command. Did you mean @slipway retry?'],
    ['/release zzz', '"zzz" is not a command. /release help lists what you can say.'],
    [
      '/release cut 0.44.0 a b c',
      '"c" is one word too many. Written like this: /release cut [version] [variant] [variant-2]. Put several words into quotes.',
    ],
    ['/release where', 'where needs <commit>.'],
    ['/release stop-everything', 'stop-everything needs --reason <text>.'],
    ['/release stop-everything --reason', '--reason needs a value behind it.'],
    ['/release stop-everything --reason --again', '--reason needs a value behind it.'],
    ['/release cut --dry-run=yes', '--dry-run takes no value.'],
    ['/release fixup comits=1a2b3c4', '"comits=" is not known here. Did you mean commits=?'],
    ['/release cut raeson=x', '"raeson=" is not known here. Did you mean reason=?'],
    ['/release verify --all', '"--all" is no option of verify. It has none.'],
    [
      '/release history --pgae 2',
      '"--pgae" is no option of history. Did you mean --page? Options: --project, --page.',
    ],
    ['/release cut “0.44', 'The quote “ at column 14 is not closed.'],
    ['/release cut commits=1', undefined],
  ])('%j is wrong', (line, problem) => {
    if (problem === undefined)
      expect(read(line)).toEqual({ release: { operation: 'cut', version: 'commits=1' } });
    else expect(read(line)).toBe(problem);
  });

  test('the whole line that was meant stands behind a suggestion', () => {
    const typed = readLine('@slipway prmote 0.44.0 --reason "a b"', grammar);
    expect(typed.is === 'wrong' && typed.wrong.suggestion).toEqual({
      word: 'promote',
      line: '/release promote 0.44.0 --reason "a b"',
    });
  });

  test('in a thread the run need not be named', () => {
    expect(read('@slipway retry', inThread)).toEqual({ retry: { run: 'kestrel_0.44.0_cut_1' } });
    expect(read('@slipway retry store', inThread)).toEqual({
      retry: { run: 'kestrel_0.44.0_cut_1', step: 'store' },
    });
    expect(read('@slipway retry kestrel_0.44.0_fixup_2 store', inThread)).toEqual({
      retry: { run: 'kestrel_0.44.0_fixup_2', step: 'store' },
    });
  });

  test('never throws on any line, and never says what was not typed', () => {
    const words = fc.constantFrom(
      '/release',
      '@slipway',
      'cut',
      'fixup',
      'approve',
      'skip',
      'retry',
      '--reason',
      '--seal',
      '--',
      '-',
      '—x',
      '=',
      'a=b',
      '__proto__',
      '--__proto__',
      'constructor=1',
      '--toString',
      '"',
      '“',
      "'",
      '\u202e',
      '\0',
      '\ud800',
      '\n',
    );
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 5 })))
        .map((all) => `/release ${all.join(' ')}`),
      fc.array(words).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(line, (text) => {
        const typed = readLine(text, inThread);
        if (typed.is !== 'say') return;
        const verb = verbs.find((one) => one.name === typed.verb);
        const known = [
          ...(verb?.positional ?? []).map((one) => one.slice(1, -1)),
          ...(verb?.options ?? []).map(({ flags }) => (flags.split(' ')[0] ?? '').slice(2)),
        ];
        expect(known).toEqual(expect.arrayContaining(Object.keys(typed.args)));
      }),
      { numRuns: 10_000 },
    );
  });

  test('a line of 2,000 words is answered in a sentence', () => {
    const [message = ''] = [read(`/release cut ${'word '.repeat(2_000)}`)].map(String);
    expect(message.length).toBeLessThan(300);
    expect(String(read(`/release ${'x'.repeat(100_000)}`)).length).toBeLessThan(300);
  });
});
