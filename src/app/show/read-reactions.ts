import { openIndex } from '../../engine/open-index.js';
import { asSlipwayError } from '../../error.js';
import { sameActor } from '../../release/actor.js';
import type { Reaction } from '../../chat/chat.js';
import { plainEmoji } from '../../chat/plain-emoji.js';
import type { Place } from '../act.js';
import { openReacted } from '../talk/reacted.js';
import { hearReaction, isHold } from '../talk/reaction.js';
import { newRequest, type Listening } from '../talk/talk.js';
import { questionMarker } from '../../chat/markers.js';

/**
 * Reads the reactions under every open question, as after a start: what was put there or taken away while the bot was down
 * is heard now. What was heard before is not heard again: its vote may have been withdrawn by other means since. What
 * cannot be read is warned of; never throws.
 */
export async function readReactions(listening: Listening): Promise<void> {
  const { opened } = listening;
  const tried = async (what: string, read: () => Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      opened.engine.warn(`the reactions of ${what} were not read: ${asSlipwayError(error).message}`, error);
    }
  };
  await tried('open questions', async () => {
    for (const run of await openIndex(opened.records).list('runs'))
      await tried(run, () => readRun(listening, run));
  });
}

async function readRun(listening: Listening, run: string): Promise<void> {
  const { opened } = listening;
  const state = await opened.engine.runs.load(run);
  if (state === undefined || state.finished !== undefined) return;
  const { projects } = await opened.installation();
  const room = Object.hasOwn(projects, state.created.project)
    ? projects[state.created.project]?.room
    : undefined;
  if (room === undefined) return;
  for (const gate of Object.values(state.gates)) {
    if (gate.decided !== undefined) continue;
    await readQuestion(listening, room, questionMarker(run, gate.step, gate.seal));
  }
}

async function readQuestion(listening: Listening, room: string, marker: string): Promise<void> {
  const { chats, records } = listening.opened;
  for (const chat of chats) {
    if (!(await chat.has(room))) continue;
    const [question] = await chat.search(room, marker);
    if (question === undefined) continue;
    const now = await chat.reactions(question);
    const before = (await openReacted(records).under(marker)).filter(({ by }) => by.issuer === chat.name);
    const place: Place = { chat: chat.name, room };
    const hear = async ({ by, emoji }: Reaction, on: boolean): Promise<void> =>
      void (await hearReaction(listening, { by, place, request: newRequest(), marker, emoji, on }));
    const gone = before.filter((one) => !now.some((other) => isSame(one, other)));
    const fresh = now.filter((one) => !before.some((other) => isSame(one, other)));
    const isCross = ({ emoji }: Reaction): boolean => isHold(emoji);
    const isVote = (one: Reaction): boolean => !isCross(one);
    // What keeps a gate shut counts before what opens it.
    for (const one of fresh.filter(isCross)) await hear(one, true);
    for (const one of gone.filter(isVote)) await hear(one, false);
    for (const one of gone.filter(isCross)) await hear(one, false);
    for (const one of fresh.filter(isVote)) await hear(one, true);
  }
}

const isSame = (one: Reaction, other: Reaction): boolean =>
  sameActor(one.by, other.by) && plainEmoji(one.emoji) === plainEmoji(other.emoji);
