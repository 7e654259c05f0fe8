import { describe, expect, test } from 'vitest';
import { ruleFor, type GateSubject } from '../../src/release/vote-rule.js';

const run = (changes: Partial<GateSubject> = {}): GateSubject => ({
  version: '1.2.0rc1',
  series: 'main',
  variants: [],
  scheme: { scheme: 'pep440', candidate: ['rc'], counter: 'restarts' },
  ...changes,
});
const any = { versions: undefined, series: undefined, variant: undefined };

describe('the rule of a run', () => {
  test('is the first that fits', () => {
    const rules = [
      { ...any, versions: '<1.0.0', name: 'early' },
      { ...any, versions: '>=1.0.0', name: 'later' },
      { ...any, name: 'rest' },
    ];
    expect(ruleFor(rules, run())?.name).toBe('later');
    expect(ruleFor(rules, run({ version: '0.9.0' }))?.name).toBe('early');
    expect(ruleFor(rules, run({ version: '1.0.0rc1' }))?.name).toBe('later');
  });

  test('names a series and a variant', () => {
    const rules = [
      { ...any, series: 'lts', name: 'lts' },
      { ...any, variant: 'rebuild', name: 'rebuild' },
    ];
    expect(ruleFor(rules, run())).toBeUndefined();
    expect(ruleFor(rules, run({ series: 'lts' }))?.name).toBe('lts');
    expect(ruleFor(rules, run({ variants: ['quick', 'rebuild'] }))?.name).toBe('rebuild');
  });

  test('is none where no range is of the scheme of the line, or the version is none', () => {
    expect(ruleFor([{ ...any, versions: '>=1.x' }], run())).toBeUndefined();
    expect(ruleFor([{ ...any, versions: '>=1.0.0' }], run({ version: 'at-0123456789ab' }))).toBeUndefined();
    expect(ruleFor([], run())).toBeUndefined();
    expect(ruleFor([any], run({ version: 'at-0123456789ab' }))).toBe(any);
  });
});
