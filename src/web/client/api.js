// @ts-check
/** Questions and acts to the private listener of this page. */

/**
 * What came of an act: answered; refused (nothing happened, and asking again changes nothing); or not confirmed: it may
 * have arrived, and the same request can be sent again without being done twice.
 * @import { Answered, WorkspaceView, MessageView, Completion } from '../api.js'
 * @typedef {{ is: 'answered', answer: Answered } | { is: 'refused', message: string, hint: string }
 *   | { is: 'not-confirmed', why: string }} Outcome
 */

/** The browser has no session: it has to open a one-time address. */
export class NotLetIn extends Error {}

/** There is nothing of that name. */
export class NotThere extends Error {}

/** @typedef {{ error?: { code?: string, message?: string, hint?: string } }} ErrorAnswer */

/**
 * Reads one JSON answer.
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} as src/web/api.ts says for the path; the server is of the same version as this page.
 * @throws {NotLetIn} without a session; {NotThere}; Error for every other answer that is not one.
 */
export async function getJson(path, signal) {
  const response = await fetch(path, { headers: { accept: 'application/json' }, signal: signal ?? null });
  if (response.status === 401) throw new NotLetIn();
  if (response.status === 404) throw new NotThere(`nothing at ${path}`);
  if (!response.ok) throw new Error(`${response.status} for ${path}`);
  return response.json();
}

/** @returns {Promise<WorkspaceView>} */
export const readWorkspace = () => getJson('/api/workspace');

/**
 * The messages of a room, oldest first.
 * @param {string} room
 * @returns {Promise<MessageView[]>}
 */
export const readRoom = async (room) => (await getJson(`/api/rooms/${encodeURIComponent(room)}`)).messages;

/**
 * What was said to one person alone, oldest first.
 * @param {string} person
 * @returns {Promise<MessageView[]>}
 */
export const readDirect = async (person) =>
  (await getJson(`/api/direct/${encodeURIComponent(person)}`)).messages;

/**
 * What could be typed next, best first.
 * @param {{ room: string, text: string, as: string }} about
 * @param {AbortSignal} signal
 * @returns {Promise<Completion[]>}
 */
export const readCompletions = (about, signal) =>
  getJson(`/api/complete?${new URLSearchParams(about)}`, signal);

/**
 * Says something to the server.
 * @param {string} path
 * @param {Record<string, unknown>} body with its `request`
 * @returns {Promise<Outcome>}
 */
export async function postJson(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) return { is: 'answered', answer: await response.json() };
    /** @type {ErrorAnswer} */
    const { error } = await response.json().catch(() => ({}));
    const message = error?.message ?? `The server answered ${response.status}.`;
    if (response.status >= 500) return { is: 'not-confirmed', why: message };
    return { is: 'refused', message, hint: error?.hint ?? 'Nothing was started.' };
  } catch {
    return { is: 'not-confirmed', why: 'The server did not answer.' };
  }
}
