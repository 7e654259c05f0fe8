import { z } from 'zod';
import type { Locator, Path } from './position.js';
import type { Problem } from './problems.js';
import { didYouMean } from '../suggest.js';

type Issue = z.core.$ZodIssue;

/** The keys that an object schema, or any form of a union, knows; none where it is no object or takes any key. */
export function knownKeys(schema: unknown): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap(knownKeys);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/**
 * Parses a part of a file that starts at `base`. What is wrong becomes problems at their places, in words for people.
 * `alsoKnown` are keys that would be right in the same map but belong to somebody else; they are suggested too.
 */
export function parseShape<Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
  yaml: Locator,
  base: Path,
  alsoKnown: readonly string[] = [],
): { value: z.output<Schema> } | { problems: Problem[] } {
  const result = schema.safeParse(data, { reportInput: true });
  if (result.success) return { value: result.data };
  const problems = result.error.issues.flatMap((issue) =>
    explain(issue, schema, data, yaml, base, alsoKnown),
  );
  return { problems };
}

function explain(
  issue: Issue,
  schema: unknown,
  data: unknown,
  yaml: Locator,
  base: Path,
  alsoKnown: readonly string[],
): Problem[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const own = issue.path.length === 0 ? alsoKnown : [];
      const known = [...knownKeys(schemaAt(schema, issue.path)), ...own];
      return issue.keys.map((key) =>
        yaml.problem([...path, key], `unknown key "${key}"${didYouMean(key, known)}`, 'key'),
      );
    }
    case 'invalid_key':
      return issue.issues.map((inner) =>
        yaml.problem(path, `"${String(path.at(-1))}": ${inner.message}`, 'key'),
      );
    case 'invalid_union':
      return explainUnion(issue, schema, data, yaml, base);
    case 'invalid_type':
    case 'invalid_value': {
      const key = issue.path.at(-1);
      if (valueAt(data, issue.path) === undefined && typeof key === 'string') {
        return [yaml.problem(path.slice(0, -1), `"${key}" is missing`, 'key')];
      }
      // A schema that has words of its own knows better.
      if (!issue.message.startsWith('Invalid ')) return [yaml.problem(path, issue.message)];
      return [yaml.problem(path, issue.code === 'invalid_type' ? wrongType(issue) : wrongValue(issue))];
    }
    case 'too_small':
    case 'too_big':
      return [yaml.problem(path, issue.message.startsWith('Too ') ? wrongSize(issue) : issue.message)];
    default:
      return [yaml.problem(path, lowerFirst(issue.message))];
  }
}

/** Of several forms the one that was meant: the one with the fewest problems, of these the first. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  schema: unknown,
  data: unknown,
  yaml: Locator,
  base: Path,
): Problem[] {
  const path = [...base, ...issue.path];
  const inner = unwrap(schemaAt(schema, issue.path));
  const options = inner instanceof z.ZodUnion ? inner.options : [];
  const value = valueAt(data, issue.path);
  const forms = issue.errors.map((issues, index) => ({
    // Not even the type fits: hardly what was meant.
    weight:
      issues.length + (issues.some((it) => it.path.length === 0 && it.code === 'invalid_type') ? 100 : 0),
    problems: () => issues.flatMap((it) => explain(it, options[index], value, yaml, path, [])),
  }));
  const [best] = forms.toSorted((a, b) => a.weight - b.weight);
  return best === undefined ? [yaml.problem(path, lowerFirst(issue.message))] : best.problems();
}

function wrongType(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  const quote = issue.expected === 'string' && typeof issue.input === 'number' ? '; put it in quotes' : '';
  const found = issue.expected === 'int' ? foundValue(issue.input) : typeOf(issue.input);
  return `expected ${typeWords[issue.expected] ?? issue.expected}, found ${found}${quote}`;
}

function wrongValue(issue: Extract<Issue, { code: 'invalid_value' }>): string {
  const allowed = issue.values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  const found = foundValue(issue.input);
  const hint = typeof issue.input === 'string' ? didYouMean(issue.input, issue.values.map(String)) : '';
  return `expected ${allowed.join(' or ')}, found ${found}${hint}`;
}

/** The value itself where it is short enough to be one, else what it is. */
function foundValue(value: unknown): string {
  if (typeof value === 'string') return `"${value.slice(0, 40)}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeOf(value);
}

function wrongSize(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const bound = `${issue.code === 'too_small' ? 'at least' : 'at most'} ${limit}`;
  if (issue.origin === 'string') return `must have ${bound} character${limit === 1 ? '' : 's'}`;
  return issue.origin === 'array'
    ? `must have ${bound} ${limit === 1 ? 'entry' : 'entries'}`
    : `must be ${bound}`;
}

const typeWords: Partial<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
};

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeWords[typeof value] ?? typeof value;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    data,
  );
}

function schemaAt(schema: unknown, path: Path): unknown {
  return path.reduce<unknown>((outer, key) => {
    const inner = unwrap(outer);
    if (inner instanceof z.ZodObject) return Reflect.get(inner.shape, key);
    if (inner instanceof z.ZodRecord) return inner.valueType;
    if (inner instanceof z.ZodArray) return inner.element;
    return undefined;
  }, schema);
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  ) {
    return unwrap(schema.unwrap());
  }
  return schema;
}
