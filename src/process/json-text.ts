import { onlyOne } from './text-value.js';
import type { Refusal, TextValue } from './text-value.js';

/** Finds the text at a path of keys in a JSON file. */
export function findInJson(text: string, key: string): TextValue | Refusal {
  // A byte order mark is no JSON, but editors write it and readers skip it.
  const start = text.startsWith('\ufeff') ? 1 : 0;
  try {
    JSON.parse(text.slice(start));
  } catch {
    return { offset: 0, message: 'is not valid JSON' };
  }
  return onlyOne(scan(text, key), key);
}

interface Level {
  /** Key or index at which the value stands that is read now. */
  key: string | number;
  isMap: boolean;
}

/** Walks the tokens of a text that is known to be JSON. */
function scan(text: string, wanted: string): (TextValue | Refusal)[] {
  const finds: (TextValue | Refusal)[] = [];
  const levels: Level[] = [];
  let expectsKey = false;
  // Asked first: a file of nothing but brackets must not cost the square of its length.
  const depth = wanted.split('.').length;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g)) {
    const [token] = match;
    const level = levels.at(-1);
    const isString = token.startsWith('"');
    if (isString && expectsKey && level !== undefined) {
      level.key = String(JSON.parse(token));
    } else if (token === ':') {
      expectsKey = false;
    } else if (token === ',') {
      expectsKey = level?.isMap === true;
      if (typeof level?.key === 'number') level.key += 1;
    } else if (token === '}' || token === ']') {
      levels.pop();
      expectsKey = false;
    } else {
      // Keys that hold a dot would look like a path, so each must be free of them to count.
      const found =
        levels.length === depth &&
        levels.every(({ key }) => !String(key).includes('.')) &&
        levels.map(({ key }) => key).join('.') === wanted;
      if (found) finds.push(textAt(token, match.index, wanted));
      if (token === '{' || token === '[') levels.push({ key: token === '{' ? '' : 0, isMap: token === '{' });
      expectsKey = token === '{';
    }
  }
  return finds;
}

function textAt(token: string, offset: number, key: string): TextValue | Refusal {
  if (!token.startsWith('"')) return { offset, message: `${key} is not a text in quotes` };
  if (token.includes('\\')) return { offset, message: `${key} has an escape in it` };
  return { start: offset + 1, end: offset + token.length - 1 };
}
