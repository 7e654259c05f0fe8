// @ts-check
import { h } from 'preact';

/**
 * @import { Connection } from './store.js'
 */

/** @type {Record<Connection, { word: string, banner: string }>} */
const words = {
  opening: { word: 'Connecting', banner: '' },
  live: { word: 'Live', banner: '' },
  lost: { word: 'No connection', banner: 'Connection lost. What is shown may be old.' },
  back: { word: 'Live', banner: 'Connected again. What is shown is as it stands.' },
  shut: { word: 'Not let in', banner: '' },
};

/**
 * Whether what is shown is live.
 * @param {{ connection: Connection }} props
 */
export const ConnectionState = ({ connection }) =>
  h(
    'span',
    { class: `connection ${connection}` },
    h('span', { class: 'dot', 'aria-hidden': 'true' }),
    h('span', { class: 'word' }, words[connection].word),
  );

/**
 * Says it when the connection is lost, and when it is back.
 * @param {{ connection: Connection }} props
 */
export const ConnectionBanner = ({ connection }) =>
  h(
    'div',
    { role: 'status', class: `banner ${connection}` },
    words[connection].banner !== '' && h('p', null, words[connection].banner),
  );
