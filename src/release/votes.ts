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
 * that it does not know counts for nothing. A policy without a rule can never be reached: it denies.
 */
export function tally(
  votes: { by: Actor }[],
  requester: Actor,
  policy: GatePolicy,
  people: Person[],
  resolve: (actor: Actor) => Person | undefined,
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
  const reached = isReached(counted);
  return {
    reached,
    need,
    counted,
    notCounted,
    canDecide,
    missing: missingOf(policy, counted),
    canOpen: reached ? [] : canDecide.filter((person) => isReached([...counted, person])),
  };
}
