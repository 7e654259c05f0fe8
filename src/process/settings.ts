import type { Json } from '../release/plan.js';
import { fillIn } from './placeholders.js';
import type { DeclaredInputs, PlaceholderValues } from './placeholders.js';
import type { TextPlace } from './words.js';

// What is not listed takes no placeholder: a new kind has to say so here first.
const places: Partial<Record<string, Partial<Record<string, TextPlace>>>> = {
  branch: { name: 'ref' },
  commit: { message: 'text', branch: 'ref' },
  push: { branch: 'ref' },
  run: { run: 'argument', find: 'argument', fresh: 'path', env: 'text' },
  tag: { name: 'ref', message: 'text' },
  announce: { text: 'text' },
};

/** Where a text in the settings of a step kind stands. The program, the first element of a command, takes no placeholder. */
export function placeOf(kind: string, path: readonly (string | number)[]): TextPlace {
  const [key, index] = path;
  const place = places[kind]?.[String(key)] ?? 'none';
  return place === 'argument' && index === 0 ? 'none' : place;
}

/** Every text in a value with its path, keys excepted. */
export function textsIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): { text: string; path: readonly (string | number)[] }[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

/**
 * The settings of a step with all placeholders filled in, each checked for its place.
 * @throws SlipwayError command-invalid where an input is wrong, else config-invalid
 */
export function fillSettings(
  kind: string,
  settings: Json,
  inputs: DeclaredInputs,
  values: PlaceholderValues,
  path: readonly (string | number)[] = [],
): Json {
  if (typeof settings === 'string') {
    const place = placeOf(kind, path);
    // Taken as it is written; the loader has refused placeholders here.
    return place === 'none' ? settings : fillIn(settings, place, inputs, values);
  }
  if (Array.isArray(settings)) {
    return settings.map((item, index) => fillSettings(kind, item, inputs, values, [...path, index]));
  }
  if (typeof settings !== 'object' || settings === null) return settings;
  return Object.fromEntries(
    Object.entries(settings).map(([key, item]) => [
      key,
      fillSettings(kind, item, inputs, values, [...path, key]),
    ]),
  );
}
