import { fieldsIn, isReal, type Fields } from './calendar.js';
import { isUnpadded, readFormat, type FormatPart, type Token } from './calver-format.js';
import { candidateName } from './candidates.js';
import { numberPattern, schemeFrom, type Grammar } from './grammar.js';
import type { Place, Scheme, SchemeRule } from './scheme.js';
import { writeParts } from './spelling.js';

/**
 * Versions from the calendar, in the rule's format and zone: `2025.10.12-1206`, candidates `2025.10.12-1206-rc1`. Only
 * dates and times that exist are read. Two asks in one minute name the same version: `next` gives nothing until the
 * clock has moved on, also while clocks are set back.
 * @throws RangeError for a format that cannot be read
 */
export function calver(rule: SchemeRule): Scheme {
  const read = readFormat(rule.format ?? '');
  if ('problem' in read) throw new RangeError(`the format ${read.problem}`);
  const { parts } = read;
  const tokens = parts.flatMap((part) => ('field' in part ? [part] : []));
  const source = parts.map((part) => ('field' in part ? `(${part.digits})` : `[${part.separator}]`)).join('');
  const pattern = new RegExp(`^${source}(?:-(alpha|beta|rc)${numberPattern})?$`);
  const century = tokens.some(({ text }) => text === 'YY') ? 2000 : 0;

  const line = (numbers: readonly number[]): string => {
    const fields = fieldsOf(numbers);
    return parts.map((part) => ('field' in part ? digitsOf(part, fields) : part.separator)).join('');
  };
  const digitsOf = (token: Token, fields: Fields): string => {
    const number = String(fields[token.field] - (token.text === 'YY' ? century : 0));
    return isUnpadded(token) ? number : number.padStart(token.text.length, '0');
  };
  const grammar: Grammar = {
    read: (text) => {
      const match = pattern.exec(text);
      if (match === null) return undefined;
      const numbers = tokens.map((_, place) => Number(match[place + 1]) + (place === 0 ? century : 0));
      if (!isReal(fieldsOf(numbers))) return undefined;
      const [name, number] = match.slice(tokens.length + 1);
      const long = name === undefined ? undefined : candidateName('calver', name);
      return { numbers, candidate: long === undefined ? undefined : { name: long, number: Number(number) } };
    },
    line,
    suffix: ({ name, number }) => `-${name}${number}`,
    next: (bump, _, now) => {
      if (bump !== 'clock') return undefined;
      const fields = fieldsIn(now, rule.zone);
      return tokens.map(({ field }) => fields[field]);
    },
    family: (numbers) => String(fieldsOf(numbers).year),
    problem: (place) => formatProblem(parts, place),
    write: ({ numbers, candidate }, text, place) =>
      writeParts({ numbers: line(numbers).split('.').map(Number), candidate }, text, place),
  };
  return schemeFrom(rule, grammar);
}

/** What a format leaves out is the first of its kind: a month is its first day, a day its first minute. */
function fieldsOf(numbers: readonly number[]): Fields {
  const at = (place: number, first: number): number => numbers[place] ?? first;
  return { year: at(0, 1), month: at(1, 1), day: at(2, 1), hour: at(3, 0), minute: at(4, 0) };
}

/** Why no version of a format can be written in a place, or undefined. */
function formatProblem(parts: readonly FormatPart[], place: Place): string | undefined {
  if (place === 'tag' || place === 'docker') return undefined;
  const format = parts.map((part) => ('field' in part ? part.text : part.separator)).join('');
  const groups = format.split('.');
  const other = /[-_]/.exec(format)?.[0];
  if (place === 'pypi' && other === undefined) return undefined;
  if (place === 'pypi')
    return `Versions of the format ${format} cannot be written for PyPI, which takes dots only ("-" begins a post-release).`;
  const start = `Versions of the format ${format} cannot be written as SemVer, which ${place} needs: `;
  if (other === '-') return `${start}what follows "-" would make each a pre-release.`;
  if (other === '_') return `${start}it has no "_".`;
  if (groups.length > 3) return `${start}it has three numbers, not ${groups.length}.`;
  const padded = groups.find((group) => /^(?:YY(?!YY)|MM|DD|HH|mm)/.test(group));
  return padded === undefined ? undefined : `${start}${padded} can begin with a zero.`;
}
