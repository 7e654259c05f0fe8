import { describe, expect, test } from 'vitest';
import { freezeEnd, momentTyped } from '../../src/app/freeze-project.js';
import { isQuiet } from '../../src/app/quiet-hours.js';

const at = (text: string): number => Date.parse(text);
/** A Friday; in Berlin it is 15:00. */
const now = at('2026-11-20T14:00:00Z');
const typed = (text: string, zone = 'Europe/Berlin'): string | undefined => {
  const moment = momentTyped(text, now, zone);
  return moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 16);
};

describe('a time that somebody types', () => {
  test.each([
    ['Mon 09:00', '2026-11-23T08:00'],
    ['mon 9:00', '2026-11-23T08:00'],
    ['Fri 15:01', '2026-11-20T14:01'],
    ['Fri 15:00', '2026-11-27T14:00'],
    ['17:30', '2026-11-20T16:30'],
    ['08:00', '2026-11-21T07:00'],
    ['2026-12-18 17:00', '2026-12-18T16:00'],
    ['2026-12-18T17:00', '2026-12-18T16:00'],
    ['2027-07-01 09:00', '2027-07-01T07:00'],
    ['4h', '2026-11-20T18:00'],
    [' 3d ', '2026-11-23T14:00'],
  ])('%s is %s', (text, moment) => expect(typed(text)).toBe(moment));

  test.each(['', 'soon', 'Xyz 09:00', '25:00', '9', '2026-02-30 09:00', '2026-13-01 09:00', '15d', '-1h'])(
    '"%s" is none',
    (text) => expect(typed(text)).toBeUndefined(),
  );

  test('is the later one where the clocks show it twice', () => {
    const moment = momentTyped('2026-10-25 01:30', at('2026-10-01T00:00Z'), 'Europe/London');
    expect(moment).toBe(at('2026-10-25T01:30Z'));
  });

  test('is ahead, and not more than a year', () => {
    expect(freezeEnd('2027-11-20 09:00', now, 'UTC')).toBe(at('2027-11-20T09:00Z'));
    expect(() => freezeEnd('2027-11-22 09:00', now, 'UTC')).toThrow('more than a year away');
    expect(() => freezeEnd('2026-11-20 14:00', now, 'UTC')).toThrow('is over already');
    expect(() => freezeEnd('later', now, 'UTC')).toThrow('no time that is understood');
  });
});

describe('quiet hours', () => {
  test.each([
    ['08:59', true],
    ['09:00', false],
    ['17:59', false],
    ['18:00', true],
    ['00:00', true],
  ])('at %s in London in winter: %s', (time, is) => {
    expect(isQuiet(at(`2026-11-20T${time}Z`), 'Europe/London')).toBe(is);
  });

  test('are those of the zone', () => {
    expect(isQuiet(at('2026-11-20T08:30Z'), 'Europe/Berlin')).toBe(false);
    expect(isQuiet(at('2026-11-20T17:30Z'), 'Europe/Berlin')).toBe(true);
  });
});
