// @ts-check
import { h } from 'preact';
import { Moment } from './piece.js';

/**
 * @import { SealRow } from '../api.js'
 * @import { Reader } from './piece.js'
 */

/**
 * Every question about a seal, with its votes and what each of them counts for.
 * @param {{ seals: SealRow[], reader: Reader }} props
 */
export function RunSeals({ seals, reader }) {
  if (seals.length === 0) return null;
  return h(
    'section',
    { 'aria-labelledby': 'run-seals' },
    h('h2', { id: 'run-seals' }, 'Approval'),
    seals.map(({ step, short, whole, state, votes }) =>
      h(
        'div',
        { key: whole, class: 'run-seal' },
        h('h3', null, `Seal ${short}: ${state}`),
        h('p', { class: 'small' }, `Gate ${step}. A vote binds the whole seal: `, h('code', null, whole)),
        votes.length === 0
          ? h('p', null, 'No votes.')
          : h(
              'ul',
              null,
              votes.map(({ name, at, counts }, place) =>
                h('li', { key: place }, `${name} `, h(Moment, { at, today: reader.today }), ` · ${counts}`),
              ),
            ),
      ),
    ),
  );
}
