import type { z } from 'zod';
import { SlipwayError } from '../error.js';
import { AnnounceSettings } from '../process/kinds/telling.js';
import type { Posted } from '../services/rooms/rooms.js';
import { plainLine } from './plain-line.js';
import { defineStep, type Found, type StepContext } from './step.js';

type Config = z.infer<typeof AnnounceSettings>;
type Context = StepContext<Config, 'rooms'>;

interface Output {
  messages: { [room: string]: string };
  /** As it was said. */
  text: string;
  [key: string]: string | { [room: string]: string };
}

/**
 * Says something in rooms, once in each. A chat refuses no second post, so it is searched right before it is sent, and
 * looked for again later: the instant between search and send is closed only by taking our own twins away.
 */
export const announce = defineStep({
  name: 'announce',
  config: AnnounceSettings,
  needs: ['rooms'] as const,
  public: () => 'for-ever',
  effect: () => 'searched',
  settleMs: 60_000,
  plan: ({ to, text }) => `Say in ${to.join(', ')}: "${text}"`,
  async find(context): Promise<Found<Output>> {
    const said = await Promise.all(context.config.to.map((room) => oldest(context, room)));
    if (said.some((message) => message === undefined)) return { is: 'absent' };
    return { is: 'same', output: outputOf(context, said), proof: proofOf(context.config) };
  },
  async run(context) {
    const { config, services, effect } = context;
    for (const room of config.to) {
      if ((await oldest(context, room)) === undefined)
        await effect(() => services.rooms.post(room, markerOf(context), textOf(context)));
    }
    const said = await Promise.all(config.to.map((room) => oldest(context, room)));
    const missing = config.to.find((_, place) => said[place] === undefined);
    if (missing !== undefined) {
      throw new SlipwayError('network-failed', `The message in ${missing} was sent and is not there yet.`, {
        retryable: true,
      });
    }
    return { result: 'done', output: outputOf(context, said), proof: proofOf(config) };
  },
  async settle(context) {
    let removed = 0;
    for (const room of context.config.to) {
      const [, ...twins] = await context.services.rooms.search(room, markerOf(context));
      for (const twin of twins) {
        await context.services.rooms.remove(room, twin.id);
        removed += 1;
      }
    }
    return removed;
  },
});

function proofOf({ to, text }: Config): string {
  const [first = '', ...more] = text.trimEnd().split('\n');
  return `said in ${to.map((room) => `#${room}`).join(', ')}: "${first}${more.length === 0 ? '' : ' …'}"`;
}

/**
 * The text, and what it would otherwise keep silent: steps that a person left out, and channels that were not moved, so
 * that nobody reads "is stable" of what stable does not serve.
 */
function textOf({ config, leftOut }: Context): string {
  const silent = leftOut.filter(({ kind, by }) => by !== '' || kind === 'channel');
  const warnings = silent.map(({ step, reason, by }) => {
    if (step === '') return `⚠️ ${plainLine(reason)}`;
    const who = by === '' ? '' : ` by ${plainLine(by)}`;
    return `⚠️ ${step} · skipped${who}: "${plainLine(reason)}"`;
  });
  return [config.text.trimEnd(), ...warnings].join('\n');
}

function markerOf(context: Context): string {
  return `${context.facts.run}_${context.id}`;
}

async function oldest(context: Context, room: string): Promise<Posted | undefined> {
  return (await context.services.rooms.search(room, markerOf(context)))[0];
}

function outputOf(context: Context, said: (Posted | undefined)[]): Output {
  return {
    text: textOf(context),
    messages: Object.fromEntries(context.config.to.map((room, place) => [room, said[place]?.id ?? ''])),
  };
}
