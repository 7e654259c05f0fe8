// @ts-check
import { h } from 'preact';
import { Moment } from './piece.js';

/**
 * @import { JournalRow } from '../api.js'
 * @import { Reader } from './piece.js'
 */

/**
 * The journal: one sentence an event, and the event itself for who wants to see it.
 * @param {{ rows: JournalRow[], reader: Reader }} props
 */
export function RunJournal({ rows, reader }) {
  return h(
    'section',
    { 'aria-labelledby': 'run-journal' },
    h('h2', { id: 'run-journal' }, 'Journal'),
    h(
      'div',
      { class: 'table', tabIndex: 0, role: 'region', 'aria-label': 'Journal' },
      h(
        'table',
        { class: 'run-journal' },
        h('caption', null, `${rows.length} events, oldest first`),
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ['Event', 'When', 'By', 'What'].map((name) => h('th', { key: name, scope: 'col' }, name)),
          ),
        ),
        h(
          'tbody',
          null,
          rows.map((row) => h(Row, { key: row.seq, row, reader })),
        ),
      ),
    ),
  );
}

/**
 * An event as JSON. What could hide words or turn them around stands there as an escape, which means the same.
 * @param {JournalRow['event']} event
 */
const asJson = (event) =>
  JSON.stringify(event, null, 2).replaceAll(
    /[\p{Bidi_Control}\u00ad\u200b\u2028\u2029\u2060-\u2064\ufeff]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** @param {{ row: JournalRow, reader: Reader }} props */
function Row({ row: { seq, at, type, by, what, event }, reader }) {
  return h(
    'tr',
    null,
    h('th', { scope: 'row' }, String(seq)),
    h('td', null, h(Moment, { at, today: reader.today })),
    h('td', null, by),
    h(
      'td',
      null,
      h('div', { dir: 'auto' }, what),
      h(
        'details',
        null,
        h('summary', null, type, h('span', { class: 'aside' }, `, event ${seq} as it is recorded`)),
        h('pre', { class: 'fence' }, asJson(event)),
      ),
    ),
  );
}
