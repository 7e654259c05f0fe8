import * as rules from '../version.js';
import type { Scheme, SchemeRule, Version } from './scheme.js';

/** Versions of PEP 440: `0.44.0`, `0.44.0rc2`. */
export function pep440(rule: SchemeRule): Scheme {
  const versionOf = (inner: rules.Version): Version => ({
    text: rules.format(inner),
    line: rules.format(rules.line(inner)),
    candidate: inner.candidate === undefined ? undefined : { name: 'rc', number: inner.candidate },
  });
  const innerOf = (version: Version): rules.Version => {
    const inner = rules.parse(version.text);
    if (inner === undefined) throw new TypeError(`${version.text} is no version of this scheme`);
    return inner;
  };
  const parse = (text: string): Version | undefined => {
    const inner = rules.parse(text);
    return inner === undefined ? undefined : versionOf(inner);
  };
  return {
    rule,
    parse,
    compare: (a, b) => rules.compare(innerOf(a), innerOf(b)),
    suffix: (version) => rules.candidateOf(innerOf(version)),
    candidate: (line, _, number) => {
      const inner = rules.parse(line);
      if (inner === undefined) throw new TypeError(`${line} is no version of this scheme`);
      return versionOf({ ...inner, candidate: number });
    },
    nextNumber: (line, _, taken) =>
      Math.max(0, ...taken.filter((one) => one.line === line).map((one) => one.candidate?.number ?? 0)) + 1,
    next: (bump, from) => {
      if (from === undefined) return undefined;
      if (bump === 'patch') return versionOf(rules.nextPatch(innerOf(from)));
      if (bump === 'minor') return versionOf(rules.nextMinor(innerOf(from)));
      return undefined;
    },
    render: ({ text }) => ({ text }),
  };
}
