import type { Answer } from '../../chat/answer.js';
import { plainEmoji } from '../../chat/plain-emoji.js';
import { noOpenQuestion, noVote } from '../../chat/views/answers/reaction.js';
import { questionMarker } from '../../chat/markers.js';
import type { RunState } from '../../release/run-state.js';
import { projectsIn } from '../visible.js';
import { openReacted } from './reacted.js';
import { openRunsOf, runOfMessage, stateOf } from './runs.js';
import { saidBy, type Heard, type Listening } from './talk.js';

/** Something that was put under a message, or taken away. `emoji` is the sign, or the name that a chat has for it. */
export interface HeardReaction extends Heard {
  /** Of the message. */
  marker: string;
  emoji: string;
  on: boolean;
}

/** What a reaction says where a question is asked. */
type Vote = 'approve' | 'hold' | 'no-vote';

const votes = new Map<string, Vote>([
  ['✅', 'approve'],
  ['white_check_mark', 'approve'],
  ['❌', 'hold'],
  ['x', 'hold'],
  ['👍', 'no-vote'],
  ['+1', 'no-vote'],
  ['thumbsup', 'no-vote'],
]);

/** Whether a reaction holds a gate. */
export const isHold = (emoji: string): boolean => votes.get(plainEmoji(emoji)) === 'hold';

/**
 * A reaction under a message. Under the newest question of a gate ✅ is a vote for exactly its seal, and ❌ holds it; taken
 * away they are withdrawn. Everything else is nothing. Only a refusal is answered, to who reacted alone.
 */
export async function hearReaction(
  listening: Listening,
  { by, place, request, marker, emoji, on }: HeardReaction,
): Promise<Answer | undefined> {
  const vote = votes.get(plainEmoji(emoji));
  if (vote === undefined) return undefined;
  const asked = await questionOf(listening, place.room, marker);
  if (asked === undefined) {
    const isOld = on && vote !== 'no-vote' && (await wasQuestion(listening, marker));
    return isOld ? { is: 'message', message: noOpenQuestion() } : undefined;
  }
  if (vote === 'no-vote') return on ? { is: 'message', message: noVote(emoji) } : undefined;
  const verb = { approve: on ? 'approve' : 'withdraw', hold: on ? 'hold' : 'unhold' }[vote];
  const heard = { by, place: { ...place, thread: marker }, request };
  const { answer, isFine } = await saidBy(listening, heard, { verb, args: { ...asked } });
  if (!isFine) return answer;
  // What counted stands in the question.
  await openReacted(listening.opened.records).note(marker, { by, emoji: plainEmoji(emoji) }, on);
  return undefined;
}

interface Asked {
  run: string;
  gate: string;
  seal: string;
}

/** The open question that this message is; undefined: none, or one that is not asked any more. */
async function questionOf({ opened }: Listening, room: string, marker: string): Promise<Asked | undefined> {
  const projects = projectsIn(await opened.installation(), room).map((one) => one.name);
  for (const run of await openRunsOf(opened, projects)) {
    if (!marker.startsWith(`${run}_`)) continue;
    const state = await stateOf(opened, run);
    const found = state === undefined ? undefined : openGates(state).find((one) => one.marker === marker);
    if (found !== undefined) return { run, gate: found.gate, seal: found.seal };
  }
  return undefined;
}

function openGates({ created, gates }: RunState): { marker: string; gate: string; seal: string }[] {
  return Object.values(gates)
    .filter((gate) => gate.decided === undefined)
    .map(({ step, seal }) => ({ marker: questionMarker(created.run, step, seal), gate: step, seal }));
}

/** Whether the message is a question that was decided, or is void. */
async function wasQuestion({ opened }: Listening, marker: string): Promise<boolean> {
  const run = await runOfMessage(opened, marker);
  const state = run === undefined ? undefined : await stateOf(opened, run);
  if (state === undefined) return false;
  const { created, gates, voided } = state;
  const asked = [...Object.values(gates), ...voided];
  return asked.some((one) => questionMarker(created.run, one.step, one.seal) === marker);
}
