import { SlipwayError } from '../error.js';
import { ApproveSettings } from '../process/kinds/gates.js';
import { defineStep } from './step.js';

/** A gate: people approve exactly what the seal holds. The bot opens and decides it; no worker runs it. */
export const approve = defineStep({
  name: 'approve',
  config: ApproveSettings,
  needs: [] as const,
  gate: true,
  public: () => 'no',
  effect: () => 'none',
  plan: (_, facts) => `Ask for the approval of ${facts.version}`,
  run: async () => {
    throw new SlipwayError('internal', 'A gate is decided by people.');
  },
});
