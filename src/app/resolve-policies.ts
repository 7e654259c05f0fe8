import { toDictionary } from '../process/names.js';
import type { YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import { unknown } from '../process/prove-names.js';
import type { InstallationFile } from './installation-file.js';
import type { Exception, GateRule, Policy } from './installation.js';
import type { PolicyFile } from './policy-file.js';

type Policies = InstallationFile['policies'];

/**
 * The policies with what they extend, deepest first: operations and gates are replaced by name, as a whole. A policy that
 * extends itself, or nothing that is there, is a problem, and stands alone.
 */
export function resolvePolicies(
  policies: Policies,
  yaml: YamlText,
  problems: Problem[],
): Record<string, Policy> {
  for (const [name, policy] of Object.entries(policies)) {
    const path = ['policies', name, 'extends'];
    if (policy.extends === undefined) continue;
    problems.push(...unknown('policy', policy.extends, Object.keys(policies), path, yaml));
    const chain = chainOf(policies, name);
    if (chain.at(-1) === name && chain.length > 1)
      problems.push(yaml.problem(path, `it extends itself: ${chain.join(' -> ')}`));
  }
  return toDictionary(
    Object.fromEntries(Object.keys(policies).map((name) => [name, resolved(policies, name)])),
  );
}

/** A policy and those that it extends, itself first; the last one is where it stops or comes back. */
function chainOf(policies: Policies, name: string): string[] {
  const chain: string[] = [];
  for (let next: string | undefined = name; next !== undefined; next = policies[next]?.extends) {
    if (policies[next] === undefined) break;
    chain.push(next);
    if (chain.indexOf(next) < chain.length - 1) break;
  }
  return chain;
}

/** The policies that a policy is made of: names in it speak of the projects of all that it is part of. */
export function isPartOf(policies: Policies, part: string, whole: string): boolean {
  return chainOf(policies, whole).includes(part);
}

function resolved(policies: Policies, name: string): Policy {
  const chain = [...new Set(chainOf(policies, name))].toReversed().flatMap((one) => policies[one] ?? []);
  const operations: Policy['operations'] = Object.assign({}, ...chain.map((one) => one.operations));
  const gates: PolicyFile['gates'] = Object.assign({}, ...chain.map((one) => one.gates));
  return {
    operations: toDictionary(operations),
    gates: toDictionary(
      Object.fromEntries(Object.entries(gates).map(([gate, rule]) => [gate, gateRuleFrom(rule)])),
    ),
    skip: exceptionFrom(chain.findLast((one) => one.skip !== undefined)?.skip),
    force: exceptionFrom(chain.findLast((one) => one.force !== undefined)?.force),
  };
}

/** Who may make an exception, as the rest of Slipway sees it. */
export function exceptionFrom(written: PolicyFile['skip']): Exception | undefined {
  return written === undefined ? undefined : { who: written.who, second: written.second };
}

function gateRuleFrom(written: PolicyFile['gates'][string]): GateRule {
  const { rules, requester, expires, remind, escalate, reject, protects } = written;
  return {
    rules: rules.map(({ versions, series, variant, need, of, 'each-of': eachOf }) => ({
      versions,
      series,
      variant,
      need,
      of,
      eachOf,
    })),
    requesterMayVote: requester === 'may-vote',
    expiresMs: expires,
    remindMs: remind ?? [expires / 2, (expires * 4) / 5],
    escalate: escalate === undefined ? undefined : { afterMs: escalate.after, to: escalate.to },
    reject,
    protects,
  };
}
