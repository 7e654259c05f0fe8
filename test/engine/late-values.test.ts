import { describe, expect, test } from 'vitest';
import { fillLateTexts } from '../../src/app/late-texts.js';
import { lateValues } from '../../src/engine/late-values.js';
import type { Plan, PlannedStep } from '../../src/release/plan.js';

const steps = [
  { id: 'notes', kind: 'notes' },
  { id: 'tag', kind: 'tag' },
  { id: 'one', kind: 'forge-release' },
  { id: 'two', kind: 'forge-release' },
  { id: 'verify', kind: 'verify' },
];

describe('what only the run knows', () => {
  test('are the texts and numbers that steps left, and the short names for the newest of a kind', () => {
    const values = lateValues(
      {
        notes: { text: 'A fix', url: '', count: 3 },
        tag: { tag: 'v1', commit: 'c' },
        one: { url: 'https://example.com/1' },
        two: { url: 'https://example.com/2' },
        verify: { verified: '5 images' },
        build: { artifacts: {} },
        approve: 'a proof',
      },
      steps,
    );
    expect(values).toEqual({
      'steps.notes.text': 'A fix',
      'steps.notes.url': '',
      'steps.notes.count': '3',
      notes: 'A fix',
      'steps.tag.tag': 'v1',
      'steps.tag.commit': 'c',
      'steps.one.url': 'https://example.com/1',
      'steps.two.url': 'https://example.com/2',
      'release-url': 'https://example.com/2',
      'release-urls': 'https://example.com/1\nhttps://example.com/2',
      'steps.verify.verified': '5 images',
      verified: '5 images',
    });
  });

  test('what has not run yet is not known', () => {
    expect(lateValues({}, steps)).toEqual({});
  });
});

describe('late texts', () => {
  const step = (text: string): PlannedStep => ({
    id: 'say',
    kind: 'announce',
    sentence: '',
    stage: 0,
    config: { to: ['releases'], text },
    public: 'for-ever',
    effect: 'searched',
    gate: false,
    skippable: false,
    templates: ['/text'],
    timeout: 1,
    runsOn: 'default',
  });
  const plan = {
    values: { version: '1.2.3', 'inputs.why': 'because {notes}' },
    declared: { why: { type: 'text', optional: false } },
  } satisfies Pick<Plan, 'values' | 'declared'>;

  test('are filled in one pass: braces in a value stay', () => {
    const text = '{version}: {notes} ({inputs.why})';
    expect(fillLateTexts(plan, step(text), { notes: 'see {version}' })).toEqual({
      to: ['releases'],
      text: '1.2.3: see {version} (because {notes})',
    });
  });

  test('what nobody gave is an error, and nothing is said', () => {
    expect(() => fillLateTexts(plan, step('{notes}'), {})).toThrow('{notes} has no value here');
  });

  test('a step without late texts stays as it was planned', () => {
    const planned = { ...step('{notes}'), templates: [] };
    expect(fillLateTexts(plan, planned, { notes: 'x' })).toBe(planned.config);
  });
});
