import { fieldNames, type FieldName } from './calendar.js';

/** A token of a format: which field, and how many digits. */
export interface Token {
  field: FieldName;
  text: string;
  /** The digits that it takes, as a pattern. */
  digits: string;
}

/** A format taken apart: tokens and the separators between them, in order. */
export type FormatPart = Token | { separator: string };

// The longer token first: MM is no M and then another M.
const tokens: readonly Token[] = [
  { text: 'YYYY', field: 'year', digits: '[1-9][0-9]{3}' },
  { text: 'YY', field: 'year', digits: '[0-9]{2}' },
  { text: 'MM', field: 'month', digits: '[0-9]{2}' },
  { text: 'M', field: 'month', digits: '[1-9][0-9]?' },
  { text: 'DD', field: 'day', digits: '[0-9]{2}' },
  { text: 'D', field: 'day', digits: '[1-9][0-9]?' },
  { text: 'HH', field: 'hour', digits: '[0-9]{2}' },
  { text: 'H', field: 'hour', digits: '(?:0|[1-9][0-9]?)' },
  { text: 'mm', field: 'minute', digits: '[0-9]{2}' },
];

/** Whether a token is written with as many digits as its number needs. */
export function isUnpadded({ text }: Token): boolean {
  return text.length === 1;
}

/** The parts of a format such as `YYYY.MM.DD-HHmm`, or what is wrong with it. */
export function readFormat(format: string): { parts: FormatPart[] } | { problem: string } {
  if (format.length > 40) return { problem: 'is longer than 40 characters' };
  const parts: FormatPart[] = [];
  for (let at = 0; at < format.length;) {
    const token = tokens.find(({ text }) => format.startsWith(text, at));
    const separator = format.charAt(at);
    if (token !== undefined) parts.push(token);
    else if (/^[._-]$/.test(separator)) parts.push({ separator });
    else {
      const known = tokens.map(({ text }) => text).join(' ');
      return { problem: `"${separator}" is neither one of ${known} nor one of . - _` };
    }
    at += token?.text.length ?? 1;
  }
  const problem = orderProblem(parts) ?? shapeProblem(parts);
  return problem === undefined ? { parts } : { problem };
}

/** From the year down and without a gap, so that a day is never without its month. */
function orderProblem(parts: FormatPart[]): string | undefined {
  const fields = parts.flatMap((part) => ('field' in part ? [part.field] : []));
  const isInOrder = fields.every((field, place) => field === fieldNames[place]);
  return fields.length > 0 && isInOrder
    ? undefined
    : `needs ${fieldNames.join(', ')} in this order, from the year on`;
}

function shapeProblem(parts: FormatPart[]): string | undefined {
  const loose = parts.findIndex((part, place) => {
    const [before, after] = [parts[place - 1], parts[place + 1]];
    if ('separator' in part) return !isToken(before) || !isToken(after);
    return isUnpadded(part) && (isToken(before) || isToken(after));
  });
  const part = parts[loose];
  if (part === undefined) return undefined;
  return 'separator' in part
    ? `"${part.separator}" stands between no two tokens`
    : `${part.text} has one or two digits, so it needs a separator on each side`;
}

function isToken(part: FormatPart | undefined): part is Token {
  return part !== undefined && 'field' in part;
}
