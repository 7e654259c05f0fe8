import { WaitSettings } from '../process/kinds/gates.js';
import { parseDuration } from '../process/names.js';
import { defineStep } from './step.js';

/** Waits for a moment, or for a time to pass, without holding a worker. */
export const wait = defineStep({
  name: 'wait',
  config: WaitSettings,
  needs: [] as const,
  polled: true,
  public: () => 'no',
  effect: () => 'none',
  plan: (config) => (config.until === undefined ? `Wait ${config.for}` : `Wait until ${config.until}`),
  async run({ config, startedAt, now }) {
    if (config.until !== undefined) {
      const until = Date.parse(config.until);
      if (now < until) return { result: 'waiting', for: config.until, checkAt: until };
      return { result: 'done', output: {}, proof: `it is past ${config.until}` };
    }
    const until = startedAt + (parseDuration(config.for ?? '') ?? 0);
    if (now < until) return { result: 'waiting', for: `${config.for} to pass`, checkAt: until };
    return { result: 'done', output: {}, proof: `waited ${config.for}` };
  },
});
