import { fieldsIn } from './calendar.js';
import { numberPattern, schemeFrom, type Grammar } from './grammar.js';
import { candidateName } from './candidates.js';
import type { Scheme, SchemeRule } from './scheme.js';
import { semverSuffix, writeParts } from './spelling.js';

const pattern = new RegExp(
  `^([1-9][0-9]{3})\\.([1-9][0-9]{0,14})(?:\\.([1-9][0-9]{0,14}))?(?:-(alpha|beta|rc)\\.${numberPattern})?$`,
);

/**
 * Long-term lines: `2026.1`, the first of its year, then `2026.1.1`, `2026.1.2`. The year is read in the rule's zone.
 * They sort above every 1.x by their numbers, but are compared with each other only.
 */
export function lts(rule: SchemeRule): Scheme {
  const grammar: Grammar = {
    read: (text) => {
      const match = pattern.exec(text);
      if (match === null) return undefined;
      const [year, n, patch, name, number] = match.slice(1);
      const numbers = [year, n, patch].filter((one) => one !== undefined).map(Number);
      const long = name === undefined ? undefined : candidateName('lts', name);
      return { numbers, candidate: long === undefined ? undefined : { name: long, number: Number(number) } };
    },
    line: (numbers) => numbers.join('.'),
    suffix: semverSuffix,
    next: (bump, from, now) => {
      if (bump === 'year') {
        const { year } = fieldsIn(now, rule.zone);
        // One a year. A second one is possible, and a person has to name it.
        return from?.[0] === year ? undefined : [year, 1];
      }
      if (bump !== 'patch' || from === undefined) return undefined;
      return [...from.slice(0, 2), (from[2] ?? 0) + 1];
    },
    family: (numbers) => numbers.slice(0, 2).join('.'),
    problem: () => undefined,
    write: writeParts,
  };
  return schemeFrom(rule, grammar);
}
