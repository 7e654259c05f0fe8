import type { SchemeRule } from './scheme.js';

/** The names that candidates have, lowest first. */
export const candidateNames = ['alpha', 'beta', 'rc'] as const;
/** The long word for a candidate. */
export type CandidateName = (typeof candidateNames)[number];

const spellings: Record<SchemeRule['scheme'], Record<string, CandidateName>> = {
  pep440: { a: 'alpha', alpha: 'alpha', b: 'beta', beta: 'beta', rc: 'rc' },
  semver: { alpha: 'alpha', beta: 'beta', rc: 'rc', '-alpha': 'alpha', '-beta': 'beta', '-rc': 'rc' },
  calver: { alpha: 'alpha', beta: 'beta', rc: 'rc', '-alpha': 'alpha', '-beta': 'beta', '-rc': 'rc' },
  lts: { alpha: 'alpha', beta: 'beta', rc: 'rc', '-alpha': 'alpha', '-beta': 'beta', '-rc': 'rc' },
};

/** The long word for a candidate that a process file names (`a`, `-rc`), or undefined. */
export function candidateName(scheme: SchemeRule['scheme'], text: string): CandidateName | undefined {
  return Object.hasOwn(spellings[scheme], text) ? spellings[scheme][text] : undefined;
}

/** The long words of a rule's candidates, in its order. Names that it cannot have are left out (`ruleProblem` names them). */
export function candidatesOf(rule: Pick<SchemeRule, 'scheme' | 'candidate'>): CandidateName[] {
  return rule.candidate.flatMap((text) => candidateName(rule.scheme, text) ?? []);
}

/** What is wrong with the candidates that a rule names, or undefined. */
export function candidatesProblem(rule: Pick<SchemeRule, 'scheme' | 'candidate'>): string | undefined {
  const unknown = rule.candidate.find((text) => candidateName(rule.scheme, text) === undefined);
  if (unknown !== undefined) {
    const known = Object.keys(spellings[rule.scheme]).join(', ');
    return `"${unknown}" is no candidate of ${rule.scheme}; it has ${known}`;
  }
  const names = candidatesOf(rule);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  return twice === undefined ? undefined : `the candidate "${twice}" is named twice`;
}
