import type { GateState } from '../../release/run-state.js';

/** What somebody hears whose vote came after the decision: how it was decided, and what that means. */
export function decidedBefore({ decided }: GateState): string[] {
  const outcome = decided?.outcome ?? '';
  const means = outcome === 'approved' ? [] : ['Nothing shipped. Start it again to ask anew.'];
  return [`It was decided before: ${outcome}.`, ...means];
}
