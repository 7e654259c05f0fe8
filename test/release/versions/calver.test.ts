import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsIn, isReal, zoneProblem } from '../../../src/release/versions/calendar.js';
import { readFormat } from '../../../src/release/versions/calver-format.js';
import { calver } from '../../../src/release/versions/calver.js';
import { previousFinal, type Scheme, type SchemeRule } from '../../../src/release/versions/scheme.js';
import { hostile, lawsOf, read, refuses } from './laws.js';

const rule = (format: string, more: Partial<SchemeRule> = {}): SchemeRule => ({
  scheme: 'calver',
  candidate: ['-rc'],
  counter: 'restarts',
  format,
  ...more,
});
const formats = ['YYYY.MM.DD-HHmm', 'YYYY.M.D', 'YY.MM', 'YYYYMMDD', 'YYYY_M_D_H.mm', 'YYYY'];
const moment = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-30'), noInvalidDate: true });
const at = (scheme: Scheme, time: string, from?: string): string | undefined =>
  scheme.next('clock', from === undefined ? undefined : read(scheme, from), new Date(time))?.text;

describe.each(formats)('the laws of %s', (format) => {
  const scheme = calver(rule(format));
  const any = fc.tuple(moment, fc.nat(12)).map(([now, rc]) => {
    const text = scheme.next('clock', undefined, now)?.text ?? '';
    return rc === 0 ? text : `${text}-rc${rc}`;
  });
  lawsOf(scheme, any, ['clock', 'year', 'patch'], moment);

  test('the order is that of the clock', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [one, other] = [a, b].map((now) =>
          read(scheme, scheme.next('clock', undefined, now)?.text ?? ''),
        );
        if (one === undefined || other === undefined) throw new Error('two');
        const order = Math.sign(scheme.compare(one, other));
        if (order !== 0) expect(order).toBe(Math.sign(a.getTime() - b.getTime()));
      }),
    );
  });
});

describe('spelling', () => {
  const scheme = calver(rule('YYYY.MM.DD-HHmm'));

  test.each([
    '2025.10.12-1206',
    '2025.10.02-0000',
    '2024.02.29-2359',
    '2000.02.29-0101',
    '2025.10.12-1206-rc1',
  ])('%s is a version', (text) => {
    expect(read(scheme, text).text).toBe(text);
  });

  refuses(scheme, hostile);
  refuses(scheme, [
    '2025.02.30-1206',
    '2025.02.29-1206',
    '1900.02.29-1206',
    '2025.13.01-1206',
    '2025.00.01-1206',
    '2025.01.00-1206',
    '2025.04.31-1206',
    '2025.10.12-2400',
    '2025.10.12-1260',
    '2025.10.2-1206',
    '2025.10.12-126',
    '2025.10.12',
    '2025.10.12.1206',
    '0025.10.12-1206',
    '2025.10.12-1206-rc',
    '2025.10.12-1206-rc01',
    '2025.10.12-1206-alpha1',
    '2025.10.12-1206rc1',
    '٢٠٢٥.10.12-1206',
  ]);
  refuses(calver(rule('YYYY.M.D')), ['2025.01.2', '2025.1.02', '2025.0.2', '2025.1.32', '2025.11.31']);

  test('a leading zero is written where the token says so', () => {
    const now = '2025-02-03T04:05:59Z';
    expect(formats.map((format) => at(calver(rule(format)), now))).toEqual([
      '2025.02.03-0405',
      '2025.2.3',
      '25.02',
      '20250203',
      '2025_2_3_4.05',
      '2025',
    ]);
  });

  test('a date is real as the calendar of JavaScript has it', () => {
    const [year, month, day] = [
      fc.integer({ min: 1000, max: 9999 }),
      fc.integer({ min: 0, max: 14 }),
      fc.nat(33),
    ];
    fc.assert(
      fc.property(year, month, day, (year, month, day) => {
        const date = new Date(Date.UTC(year, month - 1, day));
        const stays = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        expect(isReal({ year, month, day, hour: 0, minute: 0 })).toBe(stays);
      }),
    );
  });
});

describe('the clock', () => {
  const scheme = calver(rule('YYYY.MM.DD-HHmm'));

  test('only it makes the next version', () => {
    expect(scheme.next('patch', undefined, new Date())).toBeUndefined();
    expect(scheme.family(read(scheme, '2025.10.12-1206-rc1'))).toBe('2025');
  });

  test('two asks in one minute have one version; the second gets none, and the next minute has one', () => {
    const first = at(scheme, '2025-10-12T12:06:00Z');
    expect(first).toBe('2025.10.12-1206');
    expect(at(scheme, '2025-10-12T12:06:59Z', first)).toBeUndefined();
    expect(at(scheme, '2025-10-12T12:06:59Z', `${first}-rc3`)).toBeUndefined();
    expect(at(scheme, '2025-10-12T12:07:00Z', first)).toBe('2025.10.12-1207');
    expect(at(scheme, '2025-10-12T12:05:00Z', first)).toBeUndefined();
  });

  test('it is read in the zone, with its summer time', () => {
    const berlin = calver(rule('YYYY.MM.DD-HHmm', { zone: 'Europe/Berlin' }));
    expect(at(berlin, '2025-07-12T22:06:00Z')).toBe('2025.07.13-0006');
    expect(at(berlin, '2025-12-12T22:06:00Z')).toBe('2025.12.12-2306');
    const kolkata = calver(rule('YYYY.MM.DD-HHmm', { zone: 'Asia/Kolkata' }));
    expect(at(kolkata, '2025-12-31T18:30:00Z')).toBe('2026.01.01-0000');
  });

  test('while clocks are set back there is nothing until they have caught up', () => {
    const berlin = calver(rule('YYYY.MM.DD-HHmm', { zone: 'Europe/Berlin' }));
    const before = at(berlin, '2025-10-26T00:59:00Z');
    expect(before).toBe('2025.10.26-0259');
    expect(at(berlin, '2025-10-26T01:30:00Z', before)).toBeUndefined();
    expect(at(berlin, '2025-10-26T02:00:00Z', before)).toBe('2025.10.26-0300');
  });

  test('the fields of UTC are those of JavaScript', () => {
    fc.assert(
      fc.property(moment, (now) => {
        expect(fieldsIn(now)).toEqual({
          year: now.getUTCFullYear(),
          month: now.getUTCMonth() + 1,
          day: now.getUTCDate(),
          hour: now.getUTCHours(),
          minute: now.getUTCMinutes(),
        });
      }),
    );
  });

  test('a year that the format cannot write has no version', () => {
    expect(at(calver(rule('YY.MM')), '2100-01-01T00:00:00Z')).toBeUndefined();
    expect(at(calver(rule('YYYY')), '+010000-01-01T00:00:00Z')).toBeUndefined();
  });

  test('the version before is the one of the days before', () => {
    const known = ['2025.09.30-2359', '2025.10.02-0900', '2025.10.12-1206-rc1'].map((text) =>
      read(scheme, text),
    );
    expect(previousFinal(scheme, read(scheme, '2025.10.12-1206'), known)?.text).toBe('2025.10.02-0900');
  });
});

test('without a format there is no calendar version', () => {
  expect(() => calver({ scheme: 'calver', candidate: [], counter: 'restarts' })).toThrow(RangeError);
});

test.each([
  ['', 'needs year, month, day, hour, minute in this order, from the year on'],
  ['MM.DD', 'needs year, month'],
  ['YYYY.DD', 'needs year, month'],
  ['YYYY.YY', 'needs year, month'],
  ['YYYY.MM.HH', 'needs year, month'],
  ['YYYY.MM.', '"." stands between no two tokens'],
  ['.YYYY', '"." stands between no two tokens'],
  ['YYYY--MM', '"-" stands between no two tokens'],
  ['YYYYM', 'M has one or two digits'],
  ['YYYY.MMD', 'D has one or two digits'],
  ['YYYY.M.DDHH.mm', undefined],
  ['YYYY/MM', '"/" is neither one of YYYY YY MM M DD D HH H mm nor one of . - _'],
  ['YYYY.(MM)', '"(" is neither'],
  ['YYYY.m', '"m" is neither'],
  [`YYYY.MM${'.'.repeat(40)}`, 'is longer than 40 characters'],
])('the format %j: %s', (format, problem) => {
  const read = readFormat(format);
  const said = 'problem' in read ? read.problem : '';
  expect(said.startsWith(problem ?? '') && (said === '') === (problem === undefined)).toBe(true);
  if (problem !== undefined) expect(() => calver(rule(format))).toThrow(RangeError);
});

test.each([
  ['UTC', undefined],
  ['Europe/London', undefined],
  ['America/Argentina/Buenos_Aires', undefined],
  ['Etc/GMT+1', undefined],
  ['+01:00', '"+01:00" is no time zone such as Europe/London or UTC'],
  ['Mars/Base', '"Mars/Base" is no time zone'],
  ['', '"" is no time zone'],
  ['x'.repeat(200), 'is no time zone'],
])('the zone %j: %s', (zone, problem) => {
  const said = zoneProblem(zone) ?? '';
  expect(said.includes(problem ?? '') && (said === '') === (problem === undefined)).toBe(true);
});
