import { posix } from 'node:path';
import { onlyOne } from './text-value.js';
import type { Refusal, TextValue } from './text-value.js';

/**
 * Finds the text at a path of keys in a TOML file. It reads only as much TOML as that needs: tables, inline tables, keys
 * and where values end. A file that it does not understand is refused, never guessed at. `path` names the file.
 */
export function findInToml(text: string, key: string, path: string): TextValue | Refusal {
  const found = find(text, key);
  return 'offset' in found && found.inherited === true
    ? { offset: found.offset, message: workspaceMessage(text, key, path) }
    : found;
}

function find(text: string, key: string): TextValue | Refusal {
  const finds: (TextValue | Refusal)[] = [];
  let table: string[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let tableOffset: number | undefined;
  while (at < text.length) {
    at = skip(text, at, /[ \t\r\n]+|#[^\n]*/y);
    if (at >= text.length) break;
    const statement = text[at] === '[' ? readHeader(text, at) : readEntry(text, at);
    if (statement === undefined) return { offset: at, message: 'is not TOML that can be read' };
    if (statement.value === undefined) {
      table = statement.keys;
      if (key.startsWith(`${table.join('.')}.`)) tableOffset ??= at;
    } else {
      for (const one of valuesAt([...table, ...statement.keys], statement.value, text, key)) finds.push(one);
    }
    at = skip(text, statement.end, /[ \t]+|#[^\n]*/y);
    if (at < text.length && !/[\r\n]/.test(text.charAt(at))) {
      return { offset: at, message: 'is not TOML that can be read' };
    }
  }
  const elsewhere = finds.find((one) => 'offset' in one && one.inherited === true);
  if (elsewhere !== undefined) return elsewhere;
  const result = onlyOne(finds, key);
  return finds.length === 0 && 'offset' in result ? { ...result, offset: tableOffset ?? 0 } : result;
}

interface Span {
  start: number;
  end: number;
}

interface Statement {
  keys: string[];
  /** Undefined for the header of a table. */
  value: Span | undefined;
  end: number;
}

// A dot inside a quoted key is no separator of ours; such a key never matches.
const listMark = '[]';

function readHeader(text: string, at: number): Statement | undefined {
  const list = text.startsWith('[[', at);
  const keys = readKeys(text, at + (list ? 2 : 1));
  const close = list ? ']]' : ']';
  if (keys === undefined || !text.startsWith(close, keys.end)) return undefined;
  // An entry of a list of tables has no path of keys alone.
  return {
    keys: list ? [...keys.keys, listMark] : keys.keys,
    value: undefined,
    end: keys.end + close.length,
  };
}

function readEntry(text: string, at: number): Statement | undefined {
  const keys = readKeys(text, at);
  if (keys === undefined || text[keys.end] !== '=') return undefined;
  const start = skip(text, keys.end + 1, /[ \t]+/y);
  const end = endOfValue(text, start);
  return end === undefined ? undefined : { keys: keys.keys, value: { start, end }, end };
}

function readKeys(text: string, from: number): { keys: string[]; end: number } | undefined {
  const keys: string[] = [];
  let at = from;
  for (;;) {
    at = skip(text, at, /[ \t]+/y);
    const token = match(text, at, /[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y);
    if (token === undefined) return undefined;
    keys.push(/^["']/.test(token) ? token.slice(1, -1) : token);
    at = skip(text, at + token.length, /[ \t]+/y);
    if (text[at] !== '.') return { keys, end: at };
    at += 1;
  }
}

const strings = /"""(?:[^\\]|\\[^])*?"{3,5}(?!")|'''[^]*?'{3,5}(?!')|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;

/** Where a value ends: after its string, its last bracket, or the word. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  let at = start;
  do {
    const char = text[at];
    const string = match(text, at, strings);
    if (string !== undefined) at += string.length;
    else if (char === '[' || char === '{') [depth, at] = [depth + 1, at + 1];
    else if (char === ']' || char === '}') [depth, at] = [depth - 1, at + 1];
    else if (depth > 0 && char !== undefined && /[\s,=#]/.test(char)) at = skip(text, at, /[\s,=]+|#[^\n]*/y);
    else {
      const word = match(text, at, depth > 0 ? /[^\s,=#[\]{}"']+/y : /[^\s#,[\]{}"']+(?: [0-9:.Z+-]+)?/y);
      if (word === undefined) return undefined;
      at += word.length;
    }
  } while (depth > 0);
  return depth < 0 ? undefined : at;
}

function valuesAt(path: string[], { start, end }: Span, text: string, key: string): (TextValue | Refusal)[] {
  if (path.some((part) => part.includes('.') || part === listMark)) return [];
  const name = path.join('.');
  const value = text.slice(start, end);
  if (name === `${key}.workspace` && value === 'true')
    return [{ offset: start, message: '', inherited: true }];
  if (name !== key && !key.startsWith(`${name}.`)) return [];
  if (value.startsWith('{')) {
    const finds = valuesInside(path, { start, end }, text, key);
    if (finds.length > 0 || name !== key) return finds;
  }
  if (name !== key) return [];
  if (!/^(["'])(?!\1\1).*\1$/s.test(value))
    return [{ offset: start, message: `${key} is not a text in quotes on one line` }];
  if (value.includes('\\')) return [{ offset: start, message: `${key} has an escape in it` }];
  return [{ start: start + 1, end: end - 1 }];
}

/** The entries of an inline table, `{ version = "1.0", name = "x" }`. */
function valuesInside(
  path: string[],
  { start, end }: Span,
  text: string,
  key: string,
): (TextValue | Refusal)[] {
  const finds: (TextValue | Refusal)[] = [];
  let at = skip(text, start + 1, between);
  while (at < end - 1) {
    const entry = readEntry(text, at);
    if (entry?.value === undefined || entry.end >= end)
      return [{ offset: at, message: 'is not TOML that can be read' }];
    for (const one of valuesAt([...path, ...entry.keys], entry.value, text, key)) finds.push(one);
    at = skip(text, entry.end, between);
  }
  return finds;
}

const between = /[\s,]+|#[^\n]*/y;

/** A crate that says `version.workspace = true`: where the version really stands. */
function workspaceMessage(text: string, key: string, path: string): string {
  const wanted = `workspace.${key}`;
  const start = `${key} is taken from the workspace`;
  if (!('offset' in find(text, wanted))) return `${start}: use the key ${wanted} of this file`;
  const root = find(text, `${key.split('.', 1).join()}.workspace`);
  const folder = 'offset' in root ? '' : text.slice(root.start, root.end);
  const file = /^[\w./-]{1,200}$/.test(folder)
    ? posix.join(posix.dirname(path), folder, posix.basename(path))
    : '';
  const where = file === '' ? `the ${posix.basename(path)} of the workspace, in a folder above` : file;
  return `${start}: name ${where}, with the key ${wanted}`;
}

function match(text: string, at: number, pattern: RegExp): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function skip(text: string, from: number, pattern: RegExp): number {
  let at = from;
  for (let token = match(text, at, pattern); token !== undefined; token = match(text, at, pattern))
    at += token.length;
  return at;
}
