// @ts-check
/**
 * Keeps what is known as the server has it: reads everything at each connection, then follows its events. A connection
 * that is lost is tried again after 1, 2, 4, then every 5 s.
 */
import { getJson, NotLetIn, readDirect, readRoom, readWorkspace } from './api.js';
import { personOf, rememberPerson } from './person.js';
import { change, known, withMessage } from './store.js';
import { mayStream } from './stream-place.js';
import { isBy, seenBy } from './unread.js';

/**
 * @import { MessageView, RunMoved } from '../api.js'
 */

/** @type {Map<string, Set<() => void>>} */
const followers = new Map();
/** What came while the rooms are being read: it is newer than what the reading gives. @type {MessageView[] | undefined} */
let meanwhile;
/** @type {EventSource | undefined} */
let source;
/** Nobody looks at this tab, and it has no place for a stream: it reads everything anew when somebody does. */
let isResting = false;
let tries = 0;

/**
 * Calls back whenever a run moved, and after every reconnect.
 * @param {string} run
 * @param {() => void} moved
 * @returns {() => void} ends it
 */
export function onRunMoved(run, moved) {
  const all = followers.get(run) ?? new Set();
  followers.set(run, all.add(moved));
  return () => void all.delete(moved);
}

/** Reads the workspace and follows it, for as long as the page is open. */
export async function open() {
  try {
    await readPeople();
    connect();
    document.addEventListener('visibilitychange', rest);
    await rest();
  } catch (error) {
    failed(error);
  }
}

/** Gives the stream up where it would be one too many, and takes it up again. */
async function rest() {
  const may = await mayStream();
  if (may === !isResting) return;
  isResting = !may;
  if (may) return connect();
  source?.close();
  source = undefined;
}

/** Reads the workspace; whoever is not in it any more cannot be acted as. */
async function readPeople() {
  const workspace = await readWorkspace();
  const { me } = known();
  if (workspace.people.some(({ id }) => id === me)) return change({ workspace });
  const next = personOf(workspace.people, new URL(location.href));
  change({ workspace, me: next, seen: seenBy(next) });
}

/**
 * Acts as somebody else from now on.
 * @param {string} id
 */
export function actAs(id) {
  rememberPerson(id);
  change({ me: id, seen: seenBy(id), asked: null, rooms: withoutDirect(known().rooms) });
  readAll().catch(failed);
}

/** @param {Record<string, MessageView[]>} rooms */
const withoutDirect = (rooms) =>
  Object.fromEntries(Object.entries(rooms).filter(([room]) => !room.startsWith('@')));

/** Reads every room anew. */
export async function readAll() {
  const { workspace, me } = known();
  const rooms = (workspace?.rooms ?? []).map(({ room }) => room);
  /** @type {MessageView[]} */
  const mine = [];
  meanwhile = mine;
  const read = await Promise.all([
    ...rooms.map(async (room) => [room, await readRoom(room)]),
    ...(me === '' ? [] : [readDirect(me).then((messages) => [`@${me}`, messages.map(placed)])]),
  ]);
  // Another reading has begun since, which will know more.
  if (meanwhile !== mine) return;
  meanwhile = undefined;
  change({ rooms: Object.fromEntries(read) });
  for (const one of mine) take(one);
}

function connect() {
  source?.close();
  const opened = new EventSource('/api/events');
  source = opened;
  opened.addEventListener('hello', () => void arrived(opened));
  opened.addEventListener('message', ({ data }) => heard(placed(JSON.parse(data))));
  opened.addEventListener('gone', ({ data }) => gone(placed(JSON.parse(data))));
  opened.addEventListener('run', ({ data }) => moved(JSON.parse(data)));
  opened.addEventListener('error', () => {
    opened.close();
    if (opened === source) failed(undefined);
  });
}

/** @param {EventSource} opened */
async function arrived(opened) {
  try {
    await readPeople();
    await readAll();
    if (opened !== source) return;
    tries = 0;
    const was = known().connection;
    change({ connection: was === 'lost' ? 'back' : 'live' });
    if (was === 'lost')
      setTimeout(() => known().connection === 'back' && change({ connection: 'live' }), 4_000);
    for (const all of followers.values()) for (const moved of all) moved();
  } catch (error) {
    opened.close();
    if (opened === source) failed(error);
  }
}

/** @param {unknown} error */
async function failed(error) {
  source = undefined;
  if (error instanceof NotLetIn) return change({ connection: 'shut' });
  change({ connection: 'lost' });
  const wait = Math.min(5_000, 1_000 * 2 ** tries);
  tries += 1;
  setTimeout(() => void again(), wait);
}

async function again() {
  if (source !== undefined || isResting) return;
  if (known().workspace === null) return open();
  try {
    // An event stream does not say why it was refused; this does.
    await getJson('/api/workspace');
    connect();
  } catch (error) {
    failed(error);
  }
}

/**
 * What is said to one person alone stands in a room of his own, `@<id>`.
 * @template {{ room: string, to: string }} One
 * @param {One} one
 */
const placed = (one) => (one.to === '' ? one : { ...one, room: `@${one.to}` });

/** @param {MessageView} one */
function heard(one) {
  meanwhile?.push(one);
  const old = known().rooms[one.room]?.find(({ marker }) => marker === one.marker);
  take(one);
  if (old === undefined && !isBy(one, known().me)) change({ news: spoken(one) });
}

/** @param {MessageView} one */
function take(one) {
  const { rooms, me, sending } = known();
  if (one.to !== '' && one.to !== me) return;
  change({
    rooms: { ...rooms, [one.room]: withMessage(rooms[one.room] ?? [], one) },
    sending: sending.filter(({ request, typed }) => !(typed && one.marker === `said-${request}`)),
  });
}

/** @param {{ room: string, marker: string }} where */
function gone({ room, marker }) {
  const { rooms } = known();
  change({ rooms: { ...rooms, [room]: (rooms[room] ?? []).filter((one) => one.marker !== marker) } });
}

/** @param {RunMoved} which */
function moved({ run }) {
  for (const moved of followers.get(run) ?? []) moved();
}

/** @param {MessageView} one */
function spoken({ room, by, message, words }) {
  const who = by.is === 'slipway' ? 'Slipway' : by.name;
  return `${room.startsWith('@') ? 'To you' : room}, ${who}: ${message === null ? words : message.text}`;
}
