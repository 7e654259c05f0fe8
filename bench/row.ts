/** One line of the table: ours against a named reference that was measured in the same run. */
export interface Row {
  what: string;
  ours: string;
  reference: string;
  ratio: number;
  /** `at most` or `at least` this ratio; absent: the row only informs. */
  limit?: { is: 'at most' | 'at least'; ratio: number };
  /** A limit of its own unit, for what DESIGN section 12 gives in seconds or bytes. */
  absolute?: { text: string; met: boolean };
}

/** One benchmark: a name for `--only`, and what it measures. */
export interface Bench {
  name: string;
  run(): Promise<Row[]>;
}

/** Whether every limit of the row is met. */
export function isMet({ ratio, limit, absolute }: Row): boolean {
  if (absolute?.met === false) return false;
  if (limit === undefined) return true;
  return limit.is === 'at most' ? ratio <= limit.ratio : ratio >= limit.ratio;
}

/** The row's cells, in the order of `headings`. */
export function cells(row: Row): string[] {
  const { limit, absolute } = row;
  const limits = [
    ...(limit === undefined ? [] : [`ratio ${limit.is} ${limit.ratio}`]),
    ...(absolute === undefined ? [] : [absolute.text]),
  ];
  const verdict = limits.length === 0 ? '' : isMet(row) ? 'met' : 'MISSED';
  return [row.what, row.ours, row.reference, row.ratio.toFixed(2), limits.join(', ') || '-', verdict];
}

export const headings = ['what', 'ours', 'reference', 'ratio', 'limit', 'verdict'];

/** Rows as a table with aligned columns. */
export function table(rows: Row[]): string {
  const all = [headings, ...rows.map(cells)];
  const widths = headings.map((_, place) => Math.max(...all.map((line) => line[place]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, place) => cell.padEnd(widths[place] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The value below which a share of the sorted values lies. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** `1.234 ms`. */
export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 3 : 0)} ms`;
}

/** `123.4 MB`, of 10^6 bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
