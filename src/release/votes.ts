import type { Actor } from './actor.js';

/** A threshold of a gate: `need` distinct people who have one of the roles `of`, and among them one of each of `eachOf`. */
export interface GateRule {
  need: number;
  of: string[];
  eachOf: string[];
}

/** A person as the policy knows him now. Linked accounts are one person. */
export interface Person {
  id: string;
  name: string;
  roles: string[];
}

/** A role of which one person must be among those who approve, and who could be that one when the question was asked. */
export interface RequiredRole {
  role: string;
  may: string[];
}

/** The policy of one gate, read at the decision. */
export interface GatePolicy {
  /** The rule that holds for this version; without one nobody can approve. */
  rule: GateRule | undefined;
  requesterMayVote: boolean;
  /**
   * What held when the question was asked. Tightening counts at once, loosening for later questions only: both must be
   * satisfied. undefined: it is being asked now.
   */
  atOpening?: { need: number; may: string[]; eachOf: readonly RequiredRole[] };
  /** Roles that may reject. */
  reject: string[];
  expiresMs: number;
  /** When those who can decide are reminded, in ms after the question was asked. */
  remindMs: number[];
  /** Hash of the text it was read from. */
  hash: string;
}

/** Whether the gate is open enough, whose vote counts, whose does not and why, and who could still decide. */
export interface Tally {
  reached: boolean;
  need: number;
  counted: Person[];
  notCounted: { name: string; because: 'requester' | 'not-in-the-role' | 'unknown' | 'same-person' }[];
  canDecide: Person[];
  /** Who holds the gate: while somebody does, no votes open it. */
  holding: Person[];
  /** Roles of which nobody has approved yet, and somebody must. */
  missing: string[];
  /** Those of `canDecide` whose approval would open the gate. */
  canOpen: Person[];
}

/** Whether this person's vote would count at all, and why not. */
export function mayVote(
  person: Person,
  requester: Person | undefined,
  policy: GatePolicy,
): 'yes' | 'requester' | 'not-in-the-role' {
  if (!policy.requesterMayVote && requester?.id === person.id) return 'requester';
  const { rule, atOpening } = policy;
  if (atOpening !== undefined && !atOpening.may.includes(person.id)) return 'not-in-the-role';
  return rule !== undefined && rule.of.some((role) => person.roles.includes(role))
    ? 'yes'
    : 'not-in-the-role';
}

/** Whether this person may reject: whose vote could count, and whom the policy names besides. */
export function mayReject(person: Person, { reject, rule }: GatePolicy): boolean {
  return [...reject, ...(rule?.of ?? [])].some((role) => person.roles.includes(role));
}

/** Whether this person may hold the gate: who may reject, and who asked for it. */
export function mayHold(person: Person, requester: Person | undefined, policy: GatePolicy): boolean {
  return requester?.id === person.id || mayReject(person, policy);
}

/** How many votes open the gate: the most of now and of when it was asked; 0: nobody can. */
function needOf({ rule, atOpening }: GatePolicy): number {
  if (rule === undefined || atOpening?.need === 0) return 0;
  return Math.max(rule.need, atOpening?.need ?? 0);
}

/** The roles of now and of when it was asked of which none of these people is one. */
function missingOf({ rule, atOpening }: GatePolicy, counted: readonly Person[]): string[] {
  const now = rule?.eachOf.filter((role) => !counted.some((person) => person.roles.includes(role))) ?? [];
  const then =
    atOpening?.eachOf.filter(({ may }) => !counted.some((person) => may.includes(person.id))) ?? [];
  return [...new Set([...now, ...then.map(({ role }) => role)])];
}

/**
 * Counts votes under the policy of now. Pure. People are resolved again at each decision by `resolve`; an account
 * that it does not know counts for nothing. A policy without a rule can never be reached: it denies. Who may not hold
 * the gate any more holds nothing: else somebody who left would hold it for ever.
 */
export function tally(
  votes: { by: Actor }[],
  requester: Actor,
  policy: GatePolicy,
  people: Person[],
  resolve: (actor: Actor) => Person | undefined,
  holds: readonly { by: Actor }[] = [],
): Tally {
  const need = needOf(policy);
  const asked = resolve(requester);
  const counted: Person[] = [];
  const notCounted: Tally['notCounted'] = [];
  for (const vote of votes) {
    const person = resolve(vote.by);
    if (person === undefined) {
      notCounted.push({ name: vote.by.name, because: 'unknown' });
      continue;
    }
    const may = mayVote(person, asked, policy);
    if (may !== 'yes') notCounted.push({ name: vote.by.name, because: may });
    else if (counted.some((one) => one.id === person.id))
      notCounted.push({ name: person.name, because: 'same-person' });
    else counted.push(person);
  }
  const canDecide = people.filter(
    (person) => mayVote(person, asked, policy) === 'yes' && !counted.some((one) => one.id === person.id),
  );
  const isReached = (by: readonly Person[]): boolean =>
    need > 0 && by.length >= need && missingOf(policy, by).length === 0;
  const held = holds.flatMap(({ by }) => resolve(by) ?? []).filter((one) => mayHold(one, asked, policy));
  const holding = held.filter(({ id }, place) => held.findIndex((one) => one.id === id) === place);
  const reached = holding.length === 0 && isReached(counted);
  return {
    reached,
    need,
    counted,
    notCounted,
    canDecide,
    holding,
    missing: missingOf(policy, counted),
    canOpen:
      reached || holding.length > 0 ? [] : canDecide.filter((person) => isReached([...counted, person])),
  };
}
