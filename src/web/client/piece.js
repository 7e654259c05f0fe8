// @ts-check
import { h } from 'preact';
import { drawn } from './drawn.js';
import { addressOf } from './place.js';
import { readable, whole } from './time.js';

/**
 * @import { Piece } from '../../chat/message.js'
 * @typedef {{ me: string, today: number }} Reader Who reads, and on which day.
 */

/**
 * Draws a part of a line. All words become text nodes, whatever they hold.
 * @param {{ piece: Piece, reader: Reader }} props
 */
export function PieceView({ piece, reader }) {
  switch (piece.is) {
    case 'text':
      return h('span', { class: 'text' }, drawn(piece.text));
    case 'bold':
      return h('strong', { class: 'text' }, piece.text);
    case 'code':
      return h('code', null, piece.text);
    case 'link': {
      const to = addressOf(piece.target);
      if (to === undefined) return h('span', { class: 'text' }, piece.text);
      return h(Leading, { to, label: piece.text });
    }
    case 'person': {
      const look = piece.ping ? (piece.id === reader.me ? 'person told me' : 'person told') : 'person';
      return h('span', { class: look }, `${piece.ping ? '@' : ''}${piece.name}`);
    }
    case 'time':
      return h(Moment, { at: piece.at, today: reader.today, show: piece.show });
    case 'command': {
      const verb = piece.verb === 'release' ? '' : piece.verb;
      return h('code', { class: 'command' }, ['/release', verb, piece.rest].filter(Boolean).join(' '));
    }
  }
}

/**
 * A link of ours, or one outside, which shows its host and learns nothing of us.
 * @param {{ to: { href: string, host: string }, label: string, class?: string, about?: string }} props
 */
export function Leading({ to: { href, host }, label, class: look, about }) {
  const name = about !== undefined && about !== label ? { 'aria-label': about } : {};
  if (host === '') return h('a', { href, class: look, ...name }, label);
  return h(
    'a',
    { href, class: look, target: '_blank', rel: 'noreferrer noopener', title: href },
    h('span', { class: 'text' }, label),
    ' ',
    h('span', { class: 'host' }, host),
  );
}

/**
 * A moment in the reader's zone; the whole of it on pointing.
 * @param {{ at: number, today: number, show?: 'time' | 'date-and-time' }} props
 */
export function Moment({ at, today, show = 'time' }) {
  return h('time', { dateTime: new Date(at).toISOString(), title: whole(at) }, readable(at, today, show));
}
