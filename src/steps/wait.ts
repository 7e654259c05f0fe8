import { z } from 'zod';
import { parseDuration } from '../process/names.js';
import { defineStep } from './step.js';

/** Waits for a time to pass, without holding a worker. */
export const wait = defineStep({
  name: 'wait',
  config: z.strictObject({
    for: z.string().refine((text) => parseDuration(text) !== undefined, 'a duration such as 30s, 45m or 24h'),
  }),
  needs: [] as const,
  polled: true,
  public: () => 'no',
  effect: () => 'none',
  plan: (config) => `Wait ${config.for}`,
  async run({ config, startedAt, now }) {
    const until = startedAt + (parseDuration(config.for) ?? 0);
    if (now < until) return { result: 'waiting', for: `${config.for} to pass`, checkAt: until };
    return { result: 'done', output: {}, proof: `waited ${config.for}` };
  },
});
