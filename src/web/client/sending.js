// @ts-check
/**
 * What this browser says to the server. Nothing counts as done before the server says so; what has no answer can be sent
 * again under the same request, and the server does it once.
 */
import { postJson } from './api.js';
import { change, known } from './store.js';

/**
 * @import { Answered } from '../api.js'
 * @import { Line, Message, Saying } from '../../chat/message.js'
 * @import { Sending, State } from './store.js'
 * @import { Outcome } from './api.js'
 *
 * @typedef {object} Where
 * @property {string} room
 * @property {string} thread '' for none.
 * @property {string} [via] The room that it is said in, where `room` is what is said to oneself alone.
 */

/** The source of what a form says. */
export const fromForm = 'form';

/** @param {string} room @param {string} what */
const path = (room, what) => `/api/rooms/${encodeURIComponent(room)}/${what}`;
/** @param {Where} where */
const threaded = ({ thread }) => (thread === '' ? {} : { thread });

/**
 * A line that was typed.
 * @param {Where} where
 * @param {string} text
 */
export function say(where, text) {
  const body = { text, ...threaded(where) };
  return send(sending(where, path(where.room, 'say'), body, { words: text, typed: true, source: '' }));
}

/**
 * What a button or a form says.
 * @param {Where} where
 * @param {Saying} saying
 * @param {string} words what it is called, for who has to send it again
 * @param {string} source
 */
export function act(where, saying, words, source) {
  const body = { ...saying, ...threaded(where) };
  return send(sending(where, path(where.via ?? where.room, 'act'), body, { words, typed: false, source }));
}

/**
 * A reaction put under a message, or taken away.
 * @param {Where & { marker: string }} where
 * @param {string} emoji
 * @param {boolean} on
 */
export function react({ marker, ...where }, emoji, on) {
  const words = on ? `Reaction ${emoji}` : `Reaction ${emoji} taken away`;
  const source = `${marker}/${emoji}`;
  return send(
    sending(where, path(where.room, 'react'), { marker, emoji, on }, { words, typed: false, source }),
  );
}

/**
 * Merges the next fix of the practice project.
 * @param {Where} where
 */
export function mergeFix(where) {
  const source = 'practice/fix';
  return send(sending(where, '/api/practice/fix', {}, { words: 'Merge a fix', typed: false, source }));
}

/**
 * @param {Where} where
 * @param {string} to
 * @param {Record<string, unknown>} body
 * @param {Pick<Sending, 'words' | 'typed' | 'source'>} what
 * @returns {Sending}
 */
function sending({ room, thread, via }, to, body, what) {
  const as = known().me;
  const request = crypto.randomUUID();
  return {
    request,
    as,
    room,
    thread,
    via,
    path: to,
    body: { ...body, as, request },
    ...what,
    at: Date.now(),
    trouble: '',
  };
}

/**
 * Sends it, or sends it again.
 * @param {Sending} one
 * @returns {Promise<Outcome>}
 */
export async function send(one) {
  keep({ ...one, trouble: '' });
  const outcome = await postJson(one.path, one.body);
  if (outcome.is === 'not-confirmed') keep({ ...one, trouble: outcome.why });
  else {
    forget(one.request);
    if (outcome.is === 'answered') take(one, outcome.answer);
    // A form that is refused says so itself, and keeps what was filled in.
    else if (one.source !== fromForm) tell(one, short(outcome.message, outcome.hint));
  }
  return outcome;
}

/**
 * What stands in a place as having no answer: lines that were typed, and whatever is not confirmed. A form that is open
 * says it itself.
 * @param {State} state
 * @param {string} room
 * @param {string} thread
 */
export const waitingIn = ({ sending, me, asked }, room, thread) =>
  sending.filter(
    (one) =>
      one.as === me &&
      one.room === room &&
      one.thread === thread &&
      (one.typed || one.trouble !== '') &&
      !(one.source === fromForm && asked?.is === 'form'),
  );

/**
 * Takes it off the list; whether it arrived stays unknown.
 * @param {string} request
 */
export const forget = (request) =>
  change({ sending: known().sending.filter((one) => one.request !== request) });

/**
 * Takes an answer for one person away.
 * @param {string} id
 */
export const dismiss = (id) => change({ answers: known().answers.filter((one) => one.id !== id) });

/** @param {Sending} one */
function keep(one) {
  const { sending } = known();
  const at = sending.findIndex(({ request }) => request === one.request);
  change({ sending: at === -1 ? [...sending, one] : sending.with(at, one) });
}

/** @param {Sending} one @param {Answered} answer */
function take(one, { message, form }) {
  const { room, thread, via, words } = one;
  if (message !== null) tell(one, message);
  if (form !== null && known().me === one.as)
    change({ asked: { is: 'form', form, where: { room, thread, via }, about: words } });
}

/** @param {Sending} one @param {Message} message */
function tell({ request, as, room, thread, words, typed }, message) {
  const { answers, me, rooms } = known();
  const after = rooms[room]?.at(-1)?.at ?? 0;
  const answer = { id: request, as, room, thread, at: Date.now(), after, asked: typed ? words : '', message };
  change({
    answers: [...answers.filter(({ id }) => id !== request), answer],
    ...(as === me && { news: `Only you can see this: ${message.text}` }),
  });
}

/**
 * @param {string[]} sentences
 * @returns {Message}
 */
function short(...sentences) {
  const said = sentences.filter((one) => one !== '');
  const lines = said.map((text) => line(text));
  return { header: '', mood: 'plain', blocks: [{ is: 'lines', lines }], buttons: [], text: said.join(' ') };
}

/** @param {string} text @returns {Line} */
const line = (text) => ({ pieces: [{ is: 'text', text }] });
