import type { Actor } from './actor.js';

/** A threshold of a gate: `need` distinct people who have one of the roles `of`. */
export interface GateRule {
  need: number;
  of: string[];
}

/** A person as the policy knows him now. Linked accounts are one person. */
export interface Person {
  id: string;
  name: string;
  roles: string[];
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
  atOpening?: { need: number; may: string[] };
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
  return {
    reached: need > 0 && counted.length >= need,
    need,
    counted,
    notCounted,
    canDecide,
  };
}
