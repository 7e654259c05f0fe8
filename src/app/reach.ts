/** A rule of a gate, by people. */
interface Rule {
  need: number;
  voters: readonly string[];
  /** Of each of these roles one person must be among those who approve. */
  required: readonly { role: string; people: readonly string[] }[];
  /** Who may ask and so not vote; [] where who asks may vote. */
  requesters: readonly string[];
  /** The name of a person, for people. */
  names(person: string): string;
}

/** Why a rule cannot be satisfied, and by which of its keys; undefined if it always can. Pure. */
export function reachProblem(rule: Rule): { at: 'need' | 'each-of'; message: string } | undefined {
  const voters = [...new Set(rule.voters)];
  const { need } = rule;
  const count = `${need} of ${voters.length} ${voters.length === 1 ? 'person' : 'people'}`;
  if (need > voters.length) return { at: 'need', message: `${count}: this number cannot be reached` };
  const alone = requiredProblem(rule, voters, '');
  if (alone !== undefined) return alone;
  const asking = voters.filter((one) => rule.requesters.includes(one));
  if (need === voters.length && asking.length > 0) {
    const when = voters.length === 1 ? 'this one asks' : 'one of them asks';
    return {
      at: 'need',
      message: `${count}, and the requester may not vote: when ${when}, nobody can decide`,
    };
  }
  for (const one of asking) {
    const others = voters.filter((voter) => voter !== one);
    const problem = requiredProblem(rule, others, `when ${rule.names(one)} asks, who may then not vote, `);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function requiredProblem(
  { required, need }: Rule,
  voters: readonly string[],
  when: string,
): { at: 'need' | 'each-of'; message: string } | undefined {
  const groups = required.map(({ role, people }) => ({
    role,
    people: people.filter((one) => voters.includes(one)),
  }));
  const empty = groups.find(({ people }) => people.length === 0);
  if (empty !== undefined) {
    const message = `${when}nobody of "of" has the role "${empty.role}": it cannot be reached`;
    return { at: 'each-of', message };
  }
  const fewest = fewestFor(groups.map(({ people }) => people));
  if (fewest <= need) return undefined;
  return {
    at: 'need',
    message: `${when}the roles of "each-of" take ${fewest} people: ${need} cannot hold them`,
  };
}

/** The fewest people of whom one is in each group; each group has somebody. */
function fewestFor(groups: readonly (readonly string[])[]): number {
  const [first, ...others] = groups;
  if (first === undefined) return 0;
  return 1 + Math.min(...first.map((one) => fewestFor(others.filter((group) => !group.includes(one)))));
}
