import type { Planner } from '../engine/engine.js';
import { SlipwayError } from '../error.js';
import { canonical, sha256, shortSeal } from '../release/canonical.js';

/** What a start carries of the plan that was read: its hash, and the commit that it was made for. */
export const planRead = (hash: string, commit: string): string => `${hash}@${commit}`;

/** At least so many digits of a hash say which plan was read; people type eight. */
const leastDigits = 8;

/**
 * A planner that makes only the plan that somebody has read. `read`: as `planRead` says it, or the first digits of the
 * hash as people type them (`9C41-07E2`). What waits in a queue is planned anew when its turn comes, by another planner.
 * @throws SlipwayError command-invalid | commit-moved, which says what moved
 */
export function onlyThisPlan(planner: Planner, read: string): Planner {
  const [typed = '', commit = ''] = read.split('@');
  const digits = typed.replaceAll('-', '').toLowerCase();
  if (digits.length < leastDigits || !/^[0-9a-f]+$/.test(digits)) {
    throw new SlipwayError('command-invalid', `"${read.slice(0, 40)}" is no hash of a plan.`, {
      hint: 'Nothing was started. A plan shows its own: slipway plan',
    });
  }
  return async (ask, line) => {
    const made = await planner(ask, line);
    const { plan } = made;
    const hash = sha256(canonical(plan));
    if (hash.startsWith(digits)) return made;
    const branch = plan.kind === 'start' || plan.kind === 'none' ? plan.defaultBranch : plan.branch;
    const moved =
      commit === '' || commit === plan.commit
        ? `it is ${shortSeal(hash)} by now, not ${shortSeal(digits)}`
        : `${branch} moved from ${commit.slice(0, 7)} to ${plan.commit.slice(0, 7)}`;
    throw new SlipwayError('commit-moved', `That is not the plan that you have read: ${moved}.`, {
      hint: `Nothing was started. Read it again: slipway plan ${ask.operation}`,
    });
  };
}
