import { faultsOf, type Row } from './result.js';

/** Columns of equal width: numbers to the right. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const cell = (text: string, column: number): string =>
    /^[\d.]+$/.test(text) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return lines.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
}

/** The verdict of one row. */
export function verdictOf(row: Row): 'good' | 'BAD' | 'skipped' {
  if (row.skipped !== '') return 'skipped';
  return faultsOf(row).length === 0 ? 'good' : 'BAD';
}

/** The table of all cases. */
export function caseTable(rows: readonly Row[]): string {
  const head = [
    'case',
    'runs',
    'kills',
    'effects',
    'lost',
    'doubled',
    'twins made',
    'twins left',
    'asked',
    'seconds',
    'verdict',
  ];
  return aligned([
    head,
    ...rows.map((row) => [
      row.name,
      String(row.runs),
      String(row.kills),
      String(row.effects),
      String(row.lost.length),
      String(row.doubled.length),
      String(row.twinsMade),
      String(row.twinsLeft.length),
      String(row.asked),
      row.seconds.toFixed(0),
      [verdictOf(row), row.skipped, ...row.notes].filter(Boolean).join('; '),
    ]),
  ]);
}

/** What came of each guard that was taken away. */
export interface Mutated {
  mutation: string;
  caughtBy: string;
  /** The first thing that was wrong; '' when nothing was, which is bad. */
  fault: string;
  seconds: number;
}

/** The table of mutations. */
export function mutationTable(rows: readonly Mutated[]): string {
  return aligned([
    ['mutation', 'case', 'seconds', 'what it found'],
    ...rows.map(({ mutation, caughtBy, fault, seconds }) => [
      mutation,
      caughtBy,
      seconds.toFixed(0),
      fault === '' ? 'NOTHING: nobody misses this guard' : fault.slice(0, 90),
    ]),
  ]);
}
