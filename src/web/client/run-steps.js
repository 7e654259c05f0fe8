// @ts-check
import { h } from 'preact';
import { marks } from './marks.js';
import { Moment } from './piece.js';

/**
 * @import { RunPage, StepRow } from '../api.js'
 * @import { Reader } from './piece.js'
 */

/**
 * The steps, with what each took beside what is usual. What runs has its beginning and no counter.
 * @param {{ page: RunPage, reader: Reader, openLog: (step: string) => void }} props
 */
export function RunSteps({ page: { steps }, reader, openLog }) {
  const columns = ['Step', 'State', 'Time', 'Usual', 'Who sees it', 'What is known'];
  return h(
    'section',
    { 'aria-labelledby': 'run-steps' },
    h('h2', { id: 'run-steps' }, 'Steps'),
    h(
      'div',
      { class: 'table', tabIndex: 0, role: 'region', 'aria-label': 'Steps' },
      h(
        'table',
        { class: 'run-steps' },
        h('caption', null, `${steps.length} steps`),
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            columns.map((name) => h('th', { key: name, scope: 'col' }, name)),
          ),
        ),
        h(
          'tbody',
          null,
          steps.map((step) => h(Row, { key: step.id, step, reader, openLog })),
        ),
      ),
    ),
  );
}

/** @param {{ step: StepRow, reader: Reader, openLog: (step: string) => void }} props */
function Row({ step, reader, openLog }) {
  const { id, name, sentence, mark, word, usual, attempt, hasLog } = step;
  return h(
    'tr',
    null,
    h('th', { scope: 'row' }, name, h('div', { class: 'small' }, sentence)),
    h(
      'td',
      null,
      h('span', { class: `mark mark-${mark}`, 'aria-hidden': 'true' }, marks[mark]),
      ` ${word}${attempt > 1 ? `, attempt ${attempt}` : ''}`,
    ),
    h('td', null, h(Time, { step, reader })),
    h('td', null, usual),
    h('td', null, step.public),
    h(
      'td',
      null,
      h('div', { dir: 'auto' }, step.detail),
      hasLog &&
        h(
          'button',
          { type: 'button', class: 'button default', onClick: () => openLog(id) },
          `Log of ${name}`,
        ),
    ),
  );
}

/** @param {{ step: StepRow, reader: Reader }} props */
function Time({ step: { startedAt, took }, reader }) {
  if (startedAt === 0) return null;
  return took === '' ? ['since ', h(Moment, { at: startedAt, today: reader.today })] : took;
}
