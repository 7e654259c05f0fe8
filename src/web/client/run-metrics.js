// @ts-check
import { h } from 'preact';
import { TableView } from './message.js';

/**
 * @import { MetricRow } from '../api.js'
 */

/**
 * Values that people compare.
 * @param {{ rows: MetricRow[] }} props
 */
export function RunMetrics({ rows }) {
  if (rows.length === 0) return null;
  return h(
    'section',
    { 'aria-label': 'Metrics' },
    h('h2', null, 'Metrics'),
    h(TableView, {
      caption: 'What it took, and what was built',
      columns: ['Metric', 'Value', 'Usual', 'Note'],
      rows: rows.map(({ name, value, usual, note }) => [name, value, usual, note]),
    }),
  );
}
