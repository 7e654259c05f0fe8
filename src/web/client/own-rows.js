// @ts-check
import { h } from 'preact';
import { Avatar } from './avatar.js';
import { isBusy, press } from './button.js';
import { MessageCard } from './message.js';
import { Moment } from './piece.js';
import { dismiss, forget, send } from './sending.js';
import { known } from './store.js';

/**
 * @import { OwnAnswer, Sending } from './store.js'
 * @import { Reader } from './piece.js'
 */

/**
 * An answer for who reads this alone.
 * @param {{ answer: OwnAnswer, reader: Reader, isActive: boolean }} props
 */
export function AnswerRow({ answer: { id, room, thread, at, asked, message }, reader, isActive }) {
  return h(
    'article',
    {
      class: 'message own',
      tabIndex: isActive ? 0 : -1,
      'data-marker': id,
      'aria-label': `Only you can see this${message.header === '' ? '' : `: ${message.header}`}`,
    },
    h(Avatar, { id: '', name: 'Slipway' }),
    h(
      'div',
      { class: 'content' },
      h(
        'div',
        { class: 'byline' },
        h('span', { class: 'author' }, 'Slipway'),
        h('span', { class: 'badge' }, 'bot'),
        h('span', { class: 'when' }, h(Moment, { at, today: reader.today })),
        h('span', { class: 'only-you' }, 'Only you can see this'),
        h('button', { type: 'button', class: 'quiet dismiss', onClick: () => dismiss(id) }, 'Dismiss'),
      ),
      asked !== '' && h('p', { class: 'asked' }, 'You typed ', h('code', null, asked)),
      h(MessageCard, {
        message,
        reader,
        busy: () => isBusy(id),
        press: (button) => press(button, { room, thread }, `${id}/${button.id}`),
      }),
    ),
  );
}

/**
 * Something said that has no answer: on its way, or not confirmed.
 * @param {{ one: Sending, reader: Reader }} props
 */
export function SendingRow({ one, reader }) {
  const { request, as, words, at, trouble } = one;
  const name = known().workspace?.people.find(({ id }) => id === as)?.name ?? as;
  return h(
    'article',
    { class: 'message sending', 'aria-label': trouble === '' ? 'Sending' : 'Not confirmed' },
    h(Avatar, { id: as, name }),
    h(
      'div',
      { class: 'content' },
      h(
        'div',
        { class: 'byline' },
        h('span', { class: 'author' }, name),
        h('span', { class: 'when' }, h(Moment, { at, today: reader.today })),
        trouble === '' && h('span', { class: 'edited' }, 'Sending…'),
      ),
      h('p', { class: 'words', dir: 'auto' }, words),
      trouble !== '' &&
        h(
          'div',
          { class: 'trouble', role: 'alert' },
          h('p', null, `Not confirmed: ${trouble} It may still have arrived. Sent again, it counts once.`),
          h(
            'div',
            { class: 'buttons' },
            h(
              'button',
              { type: 'button', class: 'button default', onClick: () => void send(one) },
              'Send again',
            ),
            h(
              'button',
              { type: 'button', class: 'button default', onClick: () => forget(request) },
              'Remove',
            ),
          ),
        ),
    ),
  );
}
