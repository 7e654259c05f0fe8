/** A moment on a wall clock, to the minute. */
export interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** Name of a field, largest first. */
export const fieldNames = ['year', 'month', 'day', 'hour', 'minute'] as const;
export type FieldName = (typeof fieldNames)[number];

/** Why a text is no zone that a clock can be read in, or undefined. Offsets are refused: they know no summer time. */
export function zoneProblem(zone: string): string | undefined {
  const sentence = `"${zone.slice(0, 60)}" is no time zone such as Europe/London or UTC`;
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,59}$/.test(zone)) return sentence;
  try {
    void clockIn(zone);
    return undefined;
  } catch {
    return sentence;
  }
}

/** What the clocks of a zone (UTC if there is none) show at a time. @throws RangeError for a zone that is none */
export function fieldsIn(now: Date, zone = 'UTC'): Fields {
  const parts = new Map(
    clockIn(zone)
      .formatToParts(now)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (name: FieldName): number => Number(parts.get(name));
  return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute') };
}

function clockIn(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** Whether these fields stand in a calendar and on a clock: no 30 February, no 25:00. */
export function isReal({ year, month, day, hour, minute }: Fields): boolean {
  if (month < 1 || month > 12 || hour > 23 || minute > 59) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day >= 1 && day <= days;
}
