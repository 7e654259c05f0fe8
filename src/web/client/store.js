// @ts-check
import { useEffect, useState } from 'preact/hooks';

/**
 * What this browser knows, in one object that is replaced, never changed. The server's truth is in `workspace` and
 * `rooms`; the rest belongs to this browser alone.
 *
 * @import { Form, Button, Message } from '../../chat/message.js'
 * @import { MessageView, WorkspaceView } from '../api.js'
 * @import { Place } from './place.js'
 * @import { Where } from './sending.js'
 *
 * @typedef {'opening' | 'live' | 'lost' | 'back' | 'shut'} Connection `back`: connected again, a moment ago; `shut`: not let in.
 *
 * @typedef {object} OwnAnswer An answer for one person alone; it goes with the page.
 * @property {string} id
 * @property {string} as
 * @property {string} room
 * @property {string} thread
 * @property {number} at
 * @property {number} after It stands below messages up to this moment, of the server's clock.
 * @property {string} asked What was typed, or ''.
 * @property {Message} message
 *
 * @typedef {object} Sending Something said to the server that has no answer yet.
 * @property {string} request The same for every try.
 * @property {string} as
 * @property {string} room
 * @property {string} thread
 * @property {string} [via] As in Where.
 * @property {string} path
 * @property {Record<string, unknown>} body
 * @property {string} words What was typed, or the label of the button.
 * @property {boolean} typed
 * @property {string} source What it was pressed on, so that this is not pressed twice: `<marker>/<button>`.
 * @property {number} at
 * @property {string} trouble Why there is no answer; '' while it is on its way.
 *
 * @typedef {{ is: 'form', form: Form, where: Where, about: string }
 *   | { is: 'confirm', button: Button, where: Where, source: string }} Asked A dialog that is open.
 *
 * @typedef {object} State
 * @property {Connection} connection
 * @property {WorkspaceView | null} workspace
 * @property {string} me Whom this browser acts as, by id.
 * @property {Place} place
 * @property {Record<string, MessageView[]>} rooms Messages by room, oldest first; a room is absent until it was read.
 * @property {OwnAnswer[]} answers
 * @property {Sending[]} sending
 * @property {Asked | null} asked
 * @property {Record<string, number>} seen When `me` last saw each room, ms.
 * @property {number} today A moment of today; another one after midnight.
 * @property {string} news What a screen reader says next.
 */

/** @type {State} */
let state = {
  connection: 'opening',
  workspace: null,
  me: '',
  place: { is: 'home' },
  rooms: {},
  answers: [],
  sending: [],
  asked: null,
  seen: {},
  today: Date.now(),
  news: '',
};

/** @type {Set<(state: State) => void>} */
const watchers = new Set();

/** What is known now. */
export const known = () => state;

/**
 * Replaces parts of what is known, and draws anew.
 * @param {Partial<State>} parts
 */
export function change(parts) {
  state = { ...state, ...parts };
  for (const watcher of watchers) watcher(state);
}

/** What is known, in a component that is drawn anew after every change. */
export function useStore() {
  const [shown, show] = useState(state);
  useEffect(() => {
    watchers.add(show);
    show(state);
    return () => void watchers.delete(show);
  }, []);
  return shown;
}

/**
 * The messages of a room with one that is new or changed.
 * @param {readonly MessageView[]} messages
 * @param {MessageView} one
 */
export function withMessage(messages, one) {
  const at = messages.findIndex(({ marker }) => marker === one.marker);
  if (at !== -1) return messages.with(at, one);
  return [...messages, one].toSorted((a, b) => a.at - b.at || (a.marker < b.marker ? -1 : 1));
}
