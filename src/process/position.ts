import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair, Scalar, YAMLError } from 'yaml';
import type { Path, Problem } from './problems.js';

export type { Path };

/** Something that knows where its values were written. */
export interface Locator {
  /** A problem at the value of a path, or (`at: 'key'`) at the key that names it; at the nearest thing above if it is missing. */
  problem(path: Path, message: string, at?: 'key' | 'value'): Problem;
}

/** A YAML file as plain data that remembers where everything was written. */
export interface YamlText extends Locator {
  readonly file: string;
  readonly data: unknown;
}

/** The most that a file may hold, in bytes. */
export const maxFileSize = 256 * 1024;

/**
 * Reads a YAML 1.2 file. Refused: syntax errors, keys written twice, keys that are no texts, anchors and aliases (what
 * is written is what is meant), unknown tags, several documents, more than 256 KiB.
 */
export function readYaml(file: string, text: string): { yaml: YamlText } | { problems: Problem[] } {
  if (Buffer.byteLength(text) > maxFileSize) {
    return { problems: [{ file, line: 1, column: 1, message: 'the file is larger than 256 KiB' }] };
  }
  const lines = new LineCounter();
  const place = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  try {
    const document = parseDocument(text, { version: '1.2', prettyErrors: false, lineCounter: lines });
    const problems = meaningful([...document.errors, ...document.warnings]).map((error) =>
      place(error.pos[0], describe(error.code, error.message)),
    );
    if (document.errors.some(({ message }) => /call stack/.test(message))) throw new RangeError();
    if (problems.length === 0) problems.push(...forbidden(document, place));
    if (problems.length === 0 && document.contents === null) problems.push(place(0, 'the file is empty'));
    if (problems.length > 0) return { problems };
    const problem: YamlText['problem'] = (path, message, at = 'value') => ({
      ...place(offsetOf(document.contents, path, at), message),
      path,
    });
    return { yaml: { file, data: document.toJS(), problem } };
  } catch (error) {
    // The parser recurses: thousands of open brackets end the stack, not the process.
    if (error instanceof RangeError) return { problems: [place(0, 'the file is nested too deeply')] };
    throw error;
  }
}

/** What follows a syntax error is mostly what the parser made of it: of these only the first is told. */
function meaningful(errors: YAMLError[]): YAMLError[] {
  const [first] = errors.filter(({ code }) => !separate.has(code)).toSorted((a, b) => a.pos[0] - b.pos[0]);
  return errors.filter((error) => error === first || separate.has(error.code));
}

const separate = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED']);

function describe(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key is already in this map';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; only one is allowed';
  return `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

function forbidden(
  document: Document.Parsed,
  place: (offset: number, message: string) => Problem,
): Problem[] {
  const problems: Problem[] = [];
  const report = (node: unknown, message: string): void => {
    problems.push(place(isNode(node) ? (node.range?.[0] ?? 0) : 0, message));
  };
  visit(document, {
    Alias: (_, node) => report(node, 'aliases are not allowed: write the value out'),
    Node: (_, node) => {
      if ('anchor' in node && node.anchor !== undefined) report(node, 'anchors are not allowed');
    },
    Pair: (_, pair) => {
      if (!isTextKey(pair)) report(pair.key, 'a key must be a text');
      // It would vanish from the plain data and so escape every check.
      else if (pair.key.value === '__proto__') report(pair.key, 'the key "__proto__" is not allowed');
    },
  });
  return problems;
}

function isTextKey(pair: Pair<unknown, unknown>): pair is Pair<Scalar<string>, unknown> {
  return isScalar(pair.key) && typeof pair.key.value === 'string';
}

function offsetOf(top: Node | null, path: Path, at: 'key' | 'value'): number {
  let offset = top?.range?.[0] ?? 0;
  let node: unknown = top;
  for (const [depth, step] of path.entries()) {
    let key: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (pair === undefined) return offset;
      [key, node] = [pair.key, pair.value];
    } else if (isSeq(node) && typeof step === 'number' && node.items[step] !== undefined) {
      node = node.items[step];
    } else return offset;
    const last = depth === path.length - 1;
    const target = isNode(key) && (!isNode(node) || isEmpty(node) || (last && at === 'key')) ? key : node;
    if (isNode(target)) offset = target.range?.[0] ?? offset;
  }
  return offset;
}

// `key:` with nothing behind it: the place of the nothing may be lines below.
function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null;
}
