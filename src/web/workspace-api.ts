import { Hono } from 'hono';
import type { Installation } from '../app/installation.js';
import type { Place } from '../app/act.js';
import { mergeAndOffer, type Merged, type Practice } from '../app/practice.js';
import { complete } from '../app/talk/complete.js';
import { hearStrayCommand } from '../app/talk/stray-command.js';
import { hearReaction } from '../app/talk/reaction.js';
import { hearLine, hearSaying, type Heard, type Listening } from '../app/talk/talk.js';
import { projectsIn } from '../app/visible.js';
import { peopleOf } from '../app/policies.js';
import type { LineAnswer } from '../chat/answer.js';
import { spokenTo } from '../chat/parser/command.js';
import { mergedFix } from '../chat/views/merged-fix.js';
import { SlipwayError } from '../error.js';
import {
  ActBody,
  CompleteQuery,
  PracticeBody,
  ReactBody,
  SayBody,
  type Answered,
  type WorkspaceView,
} from './api.js';
import { bodyOf, parsed, personOf, roomToActIn } from './asking.js';
import { shelfView } from './message-view.js';
import { visibleRoom, visibleRooms } from './rooms.js';

/** What the workspace is served from. */
export interface Serving extends Listening {
  /** Changes with every start of the server. */
  boot: string;
  version: string;
  /** What a practice project can do besides, if the installation has one. */
  practice: Practice | undefined;
}

/** How many merged fixes are known by their request. */
const remembered = 100;

/** Rooms, people, and what people say and do. */
export function workspaceApi(serving: Serving): Hono {
  const { opened, practice } = serving;
  const { local } = opened;
  const app = new Hono();

  app.get('/workspace', async (c) => c.json(workspaceView(await opened.installation(), serving)));

  app.get('/rooms/:room', async (c) => {
    const { room } = visibleRoom(await opened.installation(), c.req.param('room'));
    return c.json({ room, messages: await shelfView(local.messages, { room }) });
  });

  app.get('/direct/:person', async (c) => {
    const { user: person } = personOf(await opened.installation(), c.req.param('person'));
    return c.json({ person, messages: await shelfView(local.messages, { person }) });
  });

  app.get('/complete', async (c) => {
    const { room, text, ...who } = parsed(CompleteQuery, c.req.query());
    const { by, place } = await heardIn(serving, room, { ...who, request: '' });
    return c.json(await complete(serving, { by, place, text }));
  });

  app.post('/rooms/:room/say', async (c) => {
    const { text, ...who } = await bodyOf(c, SayBody);
    const heard = await heardIn(serving, c.req.param('room'), who);
    const stray = await hearStrayCommand(serving, { ...heard, text });
    if (stray !== undefined) return c.json(answered(stray));
    // What is only asked of the bot is nobody else's; the rest all see, a mention before its answer.
    if (spokenTo(text)?.form !== 'command') {
      roomToActIn(await opened.installation(), heard.place.room);
      await local.say(heard.place.room, heard.by, text, heard.request, heard.place.thread);
    }
    return c.json(answered(await hearLine(serving, { ...heard, text })));
  });

  app.post('/rooms/:room/act', async (c) => {
    const { verb, args, ...who } = await bodyOf(c, ActBody);
    const heard = await heardIn(serving, c.req.param('room'), who);
    return c.json(answered(await hearSaying(serving, heard, { verb, args })));
  });

  app.post('/rooms/:room/react', async (c) => {
    const { marker, emoji, on, ...who } = await bodyOf(c, ReactBody);
    const heard = await heardIn(serving, c.req.param('room'), { ...who, thread: marker });
    roomToActIn(await opened.installation(), heard.place.room);
    await local.react(heard.place.room, marker, { by: heard.by, emoji }, on);
    return c.json(answered(await hearReaction(serving, { ...heard, marker, emoji, on })));
  });

  if (practice !== undefined) {
    const merge = onceEach(() => mergeAndOffer(opened, practice));
    app.post('/practice/fix', async (c) => {
      const { as, request } = await bodyOf(c, PracticeBody);
      personOf(await opened.installation(), as);
      return c.json({ ...nothingToSay, message: mergedFix(await merge(request)) });
    });
  }
  return app;
}

const nothingToSay: Answered = { message: null, form: null };

/** Words, and what was answered in a thread, need no answer for the asker alone. */
function answered(answer: LineAnswer | undefined): Answered {
  if (answer?.is === 'form') return { ...nothingToSay, form: answer.form };
  return answer?.is === 'message' ? { ...nothingToSay, message: answer.message } : nothingToSay;
}

/**
 * Who says something, and where. `thread` must be a message of the room.
 * @throws SlipwayError not-found | not-allowed
 */
async function heardIn(
  { opened }: Serving,
  room: string,
  { as, thread, request }: { as: string; thread?: string | undefined; request: string },
): Promise<Heard> {
  const installation = await opened.installation();
  const by = personOf(installation, as);
  visibleRoom(installation, room);
  if (thread !== undefined && (await opened.local.messages.find({ room }, thread)) === undefined) {
    throw new SlipwayError('not-found', 'That message is not in the room any more.', {
      hint: 'Nothing was started.',
    });
  }
  const place: Place = { chat: 'local', room, ...(thread !== undefined && { thread }) };
  return { by, place, request };
}

/** A request that is delivered again gets the fix that it has merged, as long as this process remembers it. */
function onceEach(merge: () => Promise<Merged>): (request: string) => Promise<Merged> {
  const merged = new Map<string, Promise<Merged>>();
  return (request) => {
    const known = merged.get(request) ?? merge();
    known.catch(() => merged.delete(request));
    merged.set(request, known);
    const oldest = merged.keys().next();
    if (merged.size > remembered && !oldest.done) merged.delete(oldest.value);
    return known;
  };
}

function workspaceView(installation: Installation, { boot, version, practice }: Serving): WorkspaceView {
  const rooms = visibleRooms(installation);
  return {
    installation: installation.name,
    version,
    boot,
    people: peopleOf(installation).map(({ id, name, roles }) => ({ id, name, roles: [...roles] })),
    rooms,
    practice: rooms
      .map(({ room }) => room)
      .filter((room) => projectsIn(installation, room).some(({ name }) => name === practice?.project)),
  };
}
