import { boardMarker, failureMarker, questionMarker, unknownMarker } from '../../chat/markers.js';
import type { Message } from '../../chat/message.js';
import type { RunState } from '../../release/run-state.js';
import type { Opened } from '../wire.js';

/** The board of a run and its open questions, as its room in the local workspace shows them now. */
export async function shownNow(
  { local }: Opened,
  room: string,
  state: RunState,
): Promise<{ board: Message | null; questions: Message[] }> {
  const { run } = state.created;
  const open = [
    ...state.steps.flatMap(({ outline, status }) => {
      if (status === 'failed') return [failureMarker(run, outline.id)];
      return status === 'unknown' ? [unknownMarker(run, outline.id)] : [];
    }),
    ...Object.values(state.gates).flatMap(({ step, seal, decided }) =>
      decided === undefined ? [questionMarker(run, step, seal)] : [],
    ),
  ];
  const find = async (marker: string): Promise<Message[]> => {
    const found = await local.messages.find({ room }, marker);
    return found?.message === undefined ? [] : [found.message];
  };
  const [board] = await find(boardMarker(run));
  const questions = state.finished === undefined ? await Promise.all(open.map(find)) : [];
  return { board: board ?? null, questions: questions.flat() };
}
