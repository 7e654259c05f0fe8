import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freezesOn, requireUnfrozen } from '../../src/app/freezes.js';
import type { Freeze } from '../../src/app/installation.js';
import { momentsOf, wallTimeOf } from '../../src/app/wall-clock.js';
import { SlipwayError } from '../../src/error.js';

const project = { name: 'kestrel' };
const days = { Mon: 0, Tue: 1, Wed: 2, Thu: 3, Fri: 4, Sat: 5, Sun: 6 } as const;
const week = (day: keyof typeof days, hour: number, minute = 0): number =>
  (days[day] * 24 + hour) * 60 + minute;
const wall = (text: string): number => Date.parse(`${text}Z`);
const at = (text: string): number => Date.parse(text);

const freeze = (changes: Partial<Freeze>): Freeze => ({
  name: 'Weekend',
  zone: 'Europe/London',
  window: { kind: 'weekly', from: week('Fri', 16), to: week('Mon', 8) },
  blocks: 'all',
  projects: undefined,
  except: [],
  ...changes,
});
const isFrozen = (time: string, changes: Partial<Freeze> = {}, operation = 'promote'): boolean =>
  freezesOn({ freezes: [freeze(changes)] }, project, operation, at(time)).length > 0;

describe('the clocks of a zone', () => {
  test('show the time that they show', () => {
    expect(wallTimeOf(at('2026-07-01T12:00:00.250Z'), 'Europe/London')).toBe(wall('2026-07-01T13:00:00.250'));
    expect(wallTimeOf(at('2026-01-01T00:30:00Z'), 'America/St_Johns')).toBe(wall('2025-12-31T21:00:00'));
  });

  test('show a time once, twice, or never', () => {
    expect(momentsOf(wall('2026-07-01T13:00'), 'Europe/London')).toEqual([at('2026-07-01T12:00Z')]);
    expect(momentsOf(wall('2026-10-25T01:30'), 'Europe/London')).toEqual([
      at('2026-10-25T00:30Z'),
      at('2026-10-25T01:30Z'),
    ]);
    expect(momentsOf(wall('2026-03-29T01:30'), 'Europe/London')).toEqual([
      at('2026-03-29T00:30Z'),
      at('2026-03-29T01:30Z'),
    ]);
  });

  test('of every moment the time that they show leads back to it', () => {
    const zones = [
      'UTC',
      'Europe/London',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Apia',
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: at('2000-01-01T00:00Z') / 60_000, max: at('2040-01-01T00:00Z') / 60_000 }),
        fc.constantFrom(...zones),
        (minute, zone) => {
          const ms = minute * 60_000;
          expect(momentsOf(wallTimeOf(ms, zone), zone)).toContain(ms);
        },
      ),
    );
  });
});

describe('a weekly freeze', () => {
  test.each([
    ['2026-11-20T15:59:59Z', false], // a Friday
    ['2026-11-20T16:00:00Z', true],
    ['2026-11-22T12:00:00Z', true],
    ['2026-11-23T07:59:59Z', true],
    ['2026-11-23T08:00:00Z', false],
    ['2026-11-25T12:00:00Z', false],
    // An hour earlier by UTC in summer.
    ['2026-07-03T14:59:59Z', false],
    ['2026-07-03T15:00:00Z', true],
    ['2026-07-06T06:59:59Z', true],
    ['2026-07-06T07:00:00Z', false],
    // The clocks change within it.
    ['2026-03-27T16:00:00Z', true],
    ['2026-03-30T06:59:59Z', true],
    ['2026-03-30T07:00:00Z', false],
    ['2026-10-23T15:00:00Z', true],
    ['2026-10-26T07:59:59Z', true],
    ['2026-10-26T08:00:00Z', false],
  ])('%s: %s', (time, is) => {
    expect(isFrozen(time)).toBe(is);
  });

  test('within a week', () => {
    const window = { kind: 'weekly', from: week('Mon', 0), to: week('Tue', 12) } as const;
    expect(isFrozen('2026-11-23T00:00:00Z', { window })).toBe(true);
    expect(isFrozen('2026-11-22T23:59:59Z', { window })).toBe(false);
    expect(isFrozen('2026-11-24T11:59:59Z', { window })).toBe(true);
    expect(isFrozen('2026-11-24T12:00:00Z', { window })).toBe(false);
  });

  test('is over once although its end comes twice', () => {
    const window = { kind: 'weekly', from: week('Sat', 0), to: week('Sun', 1, 30) } as const;
    // 01:30 in London is at 00:30 and at 01:30 on the day when summer ends.
    expect(isFrozen('2026-10-25T00:45:00Z', { window })).toBe(true);
    expect(isFrozen('2026-10-25T01:29:59Z', { window })).toBe(true);
    expect(isFrozen('2026-10-25T01:30:00Z', { window })).toBe(false);
  });

  test('has its zone, whose Monday is another one', () => {
    const changes = {
      zone: 'Pacific/Kiritimati',
      window: { kind: 'weekly', from: week('Mon', 0), to: week('Mon', 6) },
    } as const;
    expect(isFrozen('2026-11-22T10:00:00Z', changes)).toBe(true);
    expect(isFrozen('2026-11-22T16:00:00Z', changes)).toBe(false);
    expect(isFrozen('2026-11-23T10:00:00Z', changes)).toBe(false);
  });
});

describe('a freeze', () => {
  const dated = { kind: 'dated', from: wall('2026-12-18T17:00'), to: wall('2027-01-04T09:00') } as const;

  test('of some days ends', () => {
    expect(isFrozen('2026-12-18T16:59:59Z', { window: dated })).toBe(false);
    expect(isFrozen('2026-12-18T17:00:00Z', { window: dated })).toBe(true);
    expect(isFrozen('2027-01-04T08:59:59Z', { window: dated })).toBe(true);
    expect(isFrozen('2027-01-04T09:00:00Z', { window: dated })).toBe(false);
  });

  test('stops what it names, in the projects that it names', () => {
    expect(isFrozen('2026-11-21T12:00Z', { blocks: ['promote'] })).toBe(true);
    expect(isFrozen('2026-11-21T12:00Z', { blocks: ['promote'] }, 'cut')).toBe(false);
    expect(isFrozen('2026-11-21T12:00Z', { projects: ['osprey'] })).toBe(false);
    expect(isFrozen('2026-11-21T12:00Z', { projects: ['osprey', 'kestrel'] })).toBe(true);
  });

  test('of several is the one that ends last', () => {
    const freezes = [
      freeze({}),
      freeze({ name: 'Year end', window: dated }),
      freeze({ name: 'Other', blocks: ['cut'] }),
    ];
    const found = freezesOn({ freezes }, project, 'promote', at('2026-12-19T12:00Z'));
    expect(found.map((one) => one.freeze.name)).toEqual(['Year end', 'Weekend']);
    expect(found.map((one) => one.until)).toEqual([at('2027-01-04T09:00Z'), at('2026-12-21T08:00Z')]);
  });
});

describe('a start in a freeze', () => {
  const none = {
    about: '',
    kind: 'work',
    line: 'open',
    next: [],
    from: undefined,
    series: ['main'],
    privateUntil: undefined,
    on: undefined,
    inputs: {},
    steps: [],
  } as const;
  const operations = Object.fromEntries(
    ['cut', 'fixup', 'promote'].map((name) => [
      name,
      { ...none, name, next: [], series: ['main'], steps: [] },
    ]),
  );
  const process = {
    name: 'p',
    about: '',
    hash: '',
    version: {
      scheme: 'pep440',
      candidate: [],
      counter: 'restarts',
      tag: '{version}',
      from: 'clock',
      also: [],
      follow: [],
    },
    series: {},
    artifacts: {},
    channels: {},
    metrics: {},
    operations,
    variants: {},
    withVariants: () => ({ operations }),
  } satisfies Parameters<typeof requireUnfrozen>[1]['process'];
  const kestrel = { name: 'kestrel', process };
  const weekend = freeze({ blocks: ['promote'], except: ['lead'] });
  const lead = { roles: ['lead'] };
  const nobody = { roles: ['coordinator'] };
  const saturday = at('2026-11-21T12:00Z');

  function refusal(...args: Parameters<typeof requireUnfrozen>): string {
    try {
      requireUnfrozen(...args);
      return '';
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      expect(error.code).toBe('refused');
      return `${error.message} ${error.hint}`;
    }
  }

  test('says until when, what it is for, and what still works', () => {
    expect(refusal({ freezes: [weekend] }, kestrel, 'promote', nobody, saturday, 'please')).toBe(
      '🔒 kestrel · frozen until Mon 08:00 Europe/London: "Weekend". Nothing was started. cut and fixup are allowed. An exception is for lead, with a reason.',
    );
    const all = freeze({
      name: 'Year end',
      window: { kind: 'dated', from: wall('2026-11-20T00:00'), to: wall('2027-01-04T09:00') },
    });
    expect(refusal({ freezes: [all] }, kestrel, 'promote', lead, saturday, 'please')).toBe(
      '🔒 kestrel · frozen until 4 Jan 2027 09:00 Europe/London: "Year end". Nothing was started. No operation is allowed.',
    );
  });

  test('is let through for who may, with a reason', () => {
    expect(refusal({ freezes: [weekend] }, kestrel, 'promote', lead, saturday)).toContain('add --reason');
    expect(refusal({ freezes: [weekend] }, kestrel, 'promote', lead, saturday, ' ')).toContain(
      'add --reason',
    );
    expect(requireUnfrozen({ freezes: [weekend] }, kestrel, 'promote', lead, saturday, 'it burns')).toEqual([
      'Weekend',
    ]);
    expect(requireUnfrozen({ freezes: [weekend] }, kestrel, 'cut', nobody, saturday)).toEqual([]);
  });

  test('is stopped by one freeze although another one lets it through', () => {
    const audit = freeze({
      name: 'Audit',
      window: { kind: 'weekly', from: week('Sat', 0), to: week('Sun', 0) },
    });
    const said = refusal({ freezes: [weekend, audit] }, kestrel, 'promote', lead, saturday, 'it burns');
    expect(said).toContain('frozen until Sun 00:00 Europe/London: "Audit"');
  });
});
