import { says } from '../../compose.js';
import type { Button, Message, Saying } from '../../message.js';
import { answer, sentencesAnswer } from './answer.js';
import { chatLine } from './tongue.js';

/** A run that starts nothing new, with the way on. */
export function pausedAnswer(run: string): Message {
  return answer({
    mood: 'people',
    lines: [chatLine('Paused. What runs now ends by itself.')],
    buttons: [says('resume', 'Resume', { verb: 'resume', args: { run } }, { about: `Resume ${run}` })],
  });
}

/** A channel that is pinned, with the way to lift it. */
export function pinnedAnswer(sentences: readonly string[], project: string, channel: string): Message {
  const say = { verb: 'unpoint', args: { project, channel } };
  return answer({
    lines: sentences.map((one) => chatLine(one)),
    buttons: [says('unpoint', 'Unpin', say, { about: `Unpin ${channel} of ${project}` })],
  });
}

/**
 * What was released by hand, and the button that takes over exactly this. `sentences`: as the command line says them, the
 * last one the command; `count`: of release lines. `say`: looks again.
 */
export function adoptionAnswer(
  sentences: readonly string[],
  count: number,
  hash: string,
  say: Saying,
): Message {
  const more = (from: number): Button =>
    says('more', 'Show more', { ...say, args: { ...say.args, 'from-line': String(from) } });
  if (count === 0) return sentencesAnswer(sentences, { more });
  const shown = sentencesAnswer(sentences.slice(0, -1), { more });
  const take = says(
    'adopt',
    'Take over',
    { ...say, args: { ...say.args, confirm: hash } },
    {
      style: 'primary',
      about: `Take over ${count} release line${count === 1 ? '' : 's'}`,
      confirm: {
        title: 'Take over what was released by hand?',
        text: 'Afterwards these lines are as if Slipway had made them. It cannot be taken back.',
        yes: 'Take over',
        no: 'Not now',
      },
    },
  );
  return { ...shown, buttons: [take, ...shown.buttons] };
}
