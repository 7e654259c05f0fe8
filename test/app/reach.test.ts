import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reachProblem } from '../../src/app/reach.js';

type Rule = Parameters<typeof reachProblem>[0];
const rule = (changes: Partial<Rule>): Rule => ({
  need: 1,
  voters: ['ana', 'ben', 'cat'],
  required: [],
  requesters: [],
  names: (person) => person.toUpperCase(),
  ...changes,
});

describe('a rule of a gate', () => {
  test.each<[string, Partial<Rule>, string | undefined]>([
    ['is satisfied', { need: 3 }, undefined],
    ['wants more than there are', { need: 4 }, '4 of 3 people: this number cannot be reached'],
    [
      'counts people, not roles',
      { need: 2, voters: ['ana', 'ana'] },
      '2 of 1 person: this number cannot be reached',
    ],
    [
      'wants all, and one of them asks',
      { need: 3, requesters: ['ana'] },
      '3 of 3 people, and the requester may not vote: when one of them asks, nobody can decide',
    ],
    ['is asked by somebody else', { need: 3, requesters: ['dan'] }, undefined],
    ['has the role that must be', { required: [{ role: 'lead', people: ['ben', 'dan'] }] }, undefined],
    [
      'wants a role that nobody has who counts',
      { required: [{ role: 'lead', people: ['dan'] }] },
      'nobody of "of" has the role "lead": it cannot be reached',
    ],
    [
      'wants a role of the one who asks',
      { required: [{ role: 'lead', people: ['ben'] }], requesters: ['ana', 'ben'] },
      'when BEN asks, who may then not vote, nobody of "of" has the role "lead": it cannot be reached',
    ],
    [
      'wants more roles than votes',
      {
        required: [
          { role: 'lead', people: ['ben'] },
          { role: 'qa', people: ['cat'] },
        ],
      },
      'the roles of "each-of" take 2 people: 1 cannot hold them',
    ],
    [
      'wants more roles than votes when one asks',
      {
        need: 2,
        voters: ['ana', 'ben', 'cat', 'dan'],
        required: [
          { role: 'a', people: ['ana', 'ben'] },
          { role: 'b', people: ['ana', 'cat'] },
          { role: 'c', people: ['dan'] },
        ],
        requesters: ['ana'],
      },
      'when ANA asks, who may then not vote, the roles of "each-of" take 3 people: 2 cannot hold them',
    ],
  ])('%s', (_, changes, message) => {
    expect(reachProblem(rule(changes))?.message).toBe(message);
  });

  test('is right exactly where some choice of voters satisfies it, whoever asks', () => {
    const people = ['a', 'b', 'c', 'd'];
    const some = fc.subarray(people);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        some,
        fc.array(some, { maxLength: 3 }),
        some,
        (need, voters, groups, requesters) => {
          const required = groups.map((group, index) => ({ role: `r${index}`, people: group }));
          const problem = reachProblem(rule({ need, voters, required, requesters }));
          const isPossible = (allowed: string[]): boolean =>
            subsets(allowed).some(
              (chosen) =>
                chosen.length === need && groups.every((group) => group.some((one) => chosen.includes(one))),
            );
          const asking = voters.filter((one) => requesters.includes(one));
          const right = [undefined, ...asking].every((one) =>
            isPossible(voters.filter((voter) => voter !== one)),
          );
          expect(problem === undefined).toBe(right);
        },
      ),
    );
  });
});

function subsets(list: string[]): string[][] {
  return list.reduce<string[][]>((all, one) => [...all, ...all.map((set) => [...set, one])], [[]]);
}
