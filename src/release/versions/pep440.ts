import { candidateName } from './candidates.js';
import { numberPattern, schemeFrom, type Grammar } from './grammar.js';
import type { Scheme, SchemeRule } from './scheme.js';
import { pythonSuffix, writeParts } from './spelling.js';

const pattern = new RegExp(`^${numberPattern}((?:\\.${numberPattern}){1,3})(?:(a|b|rc)${numberPattern})?$`);

/**
 * Versions of PEP 440: two to four numbers, then nothing or a candidate (`0.44.0`, `0.44.0rc2`, `1.2.3.4`). Epochs,
 * post, dev and local parts are refused, and so is every spelling that PEP 440 would normalize (`1.0.0-rc.1`, `01.0`).
 * 0.44 and 0.44.0 are equal, and both are read; the line of both is the normal form, with as many numbers as the rule
 * says (three), and more only where they are not 0.
 */
export function pep440(rule: SchemeRule): Scheme {
  const parts = rule.parts ?? 3;
  const normal = (numbers: readonly number[]): number[] => {
    const last = numbers.findLastIndex((number) => number !== 0);
    const length = Math.max(parts, last + 1);
    return Array.from({ length }, (_, place) => numbers[place] ?? 0);
  };
  const grammar: Grammar = {
    read: (text) => {
      const match = pattern.exec(text);
      if (match === null) return undefined;
      const [, first = '', rest = '', , name, number] = match;
      const numbers = `${first}${rest}`.split('.').map(Number);
      const long = name === undefined ? undefined : candidateName('pep440', name);
      return { numbers, candidate: long === undefined ? undefined : { name: long, number: Number(number) } };
    },
    line: (numbers) => normal(numbers).join('.'),
    suffix: pythonSuffix,
    next: (bump, from = [0, 0]) => {
      if (bump === 'year' || bump === 'clock') return undefined;
      const at = { major: 0, minor: 1, patch: Math.max(2, normal(from).length - 1) }[bump];
      return Array.from({ length: at + 1 }, (_, place) => (from[place] ?? 0) + (place === at ? 1 : 0));
    },
    family: (numbers) => numbers.slice(0, 2).join('.'),
    problem: (place) =>
      parts === 4 && (place === 'helm' || place === 'npm')
        ? `Versions of four numbers cannot be written as SemVer, which ${place} needs.`
        : undefined,
    write: (version, text, place) =>
      writeParts({ ...version, numbers: normal(version.numbers) }, text, place),
  };
  return schemeFrom(rule, grammar);
}
