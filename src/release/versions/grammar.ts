import { candidateName, candidatesOf } from './candidates.js';
import { writtenIn } from './places.js';
import type { Candidate, LineBump, Place, Scheme, SchemeRule, Version, Written } from './scheme.js';

/** A number of a version as a pattern: no sign, no leading zero, and exact as a number of JavaScript (below 2^53). */
export const numberPattern = '(0|[1-9][0-9]{0,14})';

/** A version taken apart. Numbers count from the left; those that are missing count as 0. */
export interface Parts {
  numbers: readonly number[];
  candidate: Candidate | undefined;
}

/** What one scheme knows about its spelling and its steps. All else is the same for all schemes. */
export interface Grammar {
  /** The parts that a text spells; undefined for everything but the canonical spelling. */
  read(text: string): Parts | undefined;
  /** The normal form of a final version. */
  line(numbers: readonly number[]): string;
  /** The spelling of a candidate behind its line. */
  suffix(candidate: Candidate): string;
  /** The numbers one step further; what is not above `from` does not count. */
  next(bump: LineBump, from: readonly number[] | undefined, now: Date): number[] | undefined;
  family(numbers: readonly number[]): string;
  /** Why no version of the scheme can be written in a place. */
  problem(place: Place): string | undefined;
  /** The text for a place where `problem` is undefined. */
  write(parts: Parts, text: string, place: Place): Written;
}

/** The scheme of a grammar. */
export function schemeFrom(rule: SchemeRule, grammar: Grammar): Scheme {
  const names: readonly string[] = candidatesOf(rule);
  const read = (text: string): Parts | undefined => {
    const parts = grammar.read(text);
    return parts?.candidate === undefined || names.includes(parts.candidate.name) ? parts : undefined;
  };
  const parse = (text: string): Version | undefined => {
    const parts = read(text);
    if (parts === undefined) return undefined;
    return { text, line: grammar.line(parts.numbers), candidate: parts.candidate };
  };
  const own = <T>(found: T | undefined, text: string): T => {
    if (found === undefined) throw new RangeError(`"${text}" is no version of the scheme ${rule.scheme}`);
    return found;
  };
  const partsOf = ({ text }: Version): Parts => own(read(text), text);
  const nameOf = (text: string): string => {
    const name = candidateName(rule.scheme, text);
    if (name === undefined || !names.includes(name))
      throw new RangeError(`"${text}" is no candidate of this process`);
    return name;
  };
  return {
    rule,
    parse,
    compare: (a, b) => compareParts(partsOf(a), partsOf(b)),
    suffix: ({ candidate }) => (candidate === undefined ? '' : grammar.suffix(candidate)),
    candidate: (line, name, number) => {
      const { numbers } = own(read(line), line);
      const text = grammar.line(numbers) + grammar.suffix({ name: nameOf(name), number });
      return own(parse(text), text);
    },
    nextNumber: (line, name, taken) => {
      const [long, own] = [nameOf(name), parse(line)?.line];
      const numbers = taken.flatMap(({ candidate, line: other }) => {
        const counts = candidate?.name === long && (rule.counter === 'continues' || other === own);
        return counts ? [candidate.number] : [];
      });
      return Math.max(0, ...numbers) + 1;
    },
    next: (bump, from, now) => {
      const before = from === undefined ? undefined : partsOf(from).numbers;
      const numbers = grammar.next(bump, before, now);
      if (numbers === undefined || (before !== undefined && compareNumbers(numbers, before) <= 0))
        return undefined;
      return parse(grammar.line(numbers));
    },
    family: (version) => grammar.family(partsOf(version).numbers),
    render: (version, place) => {
      const parts = partsOf(version);
      if (place === 'tag') return writtenIn(place, version.text);
      const problem = grammar.problem(place);
      return problem === undefined ? grammar.write(parts, version.text, place) : { problem };
    },
    problem: (place) => grammar.problem(place),
  };
}

function compareParts(a: Parts, b: Parts): number {
  return compareNumbers(a.numbers, b.numbers) || compareCandidates(a.candidate, b.candidate);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place += 1) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The names of candidates are in the order of their letters: alpha, beta, rc. */
function compareCandidates(a: Candidate | undefined, b: Candidate | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.number - b.number;
}
