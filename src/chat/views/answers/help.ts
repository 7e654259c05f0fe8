import { line } from '../../compose.js';
import type { Message } from '../../message.js';
import { answer } from './answer.js';

/** What one person can say in one room. */
export interface HelpFacts {
  /** Operations that he may start. */
  operations: readonly string[];
  /** Operations that only others may start, and who. */
  others: readonly { name: string; people: readonly string[] }[];
  /** Verbs that only look. */
  looks: readonly string[];
  /** Verbs about a run, said in its thread. */
  inThread: readonly string[];
  /** Verbs that act on more than one run. */
  acts: readonly string[];
}

/** `You may: cut, fixup, status, history. Others decide: promote (Ben). In a thread: @slipway retry.` */
export function helpAnswer({ operations, others, looks, inThread, acts }: HelpFacts): Message {
  return answer({
    lines: [
      line(`You may: ${[...operations, ...looks].join(', ')}.`),
      ...(others.length === 0 ? [] : [line(`Others decide: ${byPeople(others)}.`)]),
      ...(inThread.length === 0 ? [] : [line(`In a thread: @slipway ${inThread.join(', ')}.`)]),
      ...(acts.length === 0 ? [] : [line(`For the whole project: ${acts.join(', ')}.`)]),
      line('Write /release and one of these words; /release alone opens a form.'),
    ],
  });
}

/** `cut, fixup (Ana, Ben); abandon (Ana)` */
function byPeople(others: HelpFacts['others']): string {
  const names = new Map<string, string[]>();
  for (const { name, people } of others) {
    const who = people.join(', ');
    names.set(who, [...(names.get(who) ?? []), name]);
  }
  return [...names].map(([who, all]) => `${all.join(', ')} (${who})`).join('; ');
}
