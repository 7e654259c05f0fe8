import type { Json } from '../release/plan.js';
import { listOf } from './inputs.js';
import type { DeclaredInputs } from './inputs.js';
import { kindOf } from './kinds/index.js';
import { lookUp } from './kinds/kind.js';
import { fillIn, shownWith, isLate } from './placeholders.js';
import type { PlaceholderValues } from './placeholders.js';
import type { TextPlace } from './words.js';

type JsonPath = readonly (string | number)[];

/** Where a text in the settings of a step kind stands. What a kind does not list takes no placeholder. */
export function placeOf(kind: string, path: JsonPath): TextPlace {
  return lookUp(kindOf(kind)?.places ?? {}, path) ?? 'none';
}

/** Every text in a value with its path, keys excepted. */
export function textsIn(value: unknown, path: JsonPath = []): { text: string; path: JsonPath }[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

/**
 * The settings of a step with all placeholders filled in, each checked for its place, but those texts that name what
 * only the run will know: they stay as they are written, and `lateTexts` finds them.
 * @throws SlipwayError command-invalid where an input is wrong, else config-invalid
 */
export function fillSettings(
  kind: string,
  settings: Json,
  inputs: DeclaredInputs,
  values: PlaceholderValues,
): Json {
  return mapTexts(settings, (text, path) => {
    const place = placeOf(kind, path);
    // Taken as it is written; the loader has refused placeholders here.
    if (place === 'none' || isLate(text)) return text;
    return filled(text, place, inputs, values);
  });
}

/** JSON pointers (RFC 6901) to the texts of some settings, not filled in yet, that name what only the run will know. */
export function lateTexts(kind: string, settings: Json): string[] {
  return textsIn(settings)
    .filter(({ text, path }) => placeOf(kind, path) !== 'none' && isLate(text))
    .map(({ path }) => pointerOf(path));
}

/**
 * The configuration of a step with the texts at some pointers filled in, in one pass with everything that is known now.
 * All other texts stay: braces in them are not ours. `late` wins over `values`.
 * @throws SlipwayError command-invalid where an input is wrong, else config-invalid
 */
export function fillLate(
  kind: string,
  config: Json,
  pointers: readonly string[],
  inputs: DeclaredInputs,
  values: PlaceholderValues,
  late: PlaceholderValues,
): Json {
  const all = { ...values, ...late };
  return mapTexts(config, (text, path) =>
    pointers.includes(pointerOf(path)) ? filled(text, placeOf(kind, path), inputs, all) : text,
  );
}

/** The same for people who look before the run: what is known now stands in these texts, the rest stays as it is written. */
export function shownLate(config: Json, pointers: readonly string[], values: PlaceholderValues): Json {
  return mapTexts(config, (text, path) =>
    pointers.includes(pointerOf(path)) ? shownWith(text, values) : text,
  );
}

function filled(text: string, place: TextPlace, inputs: DeclaredInputs, values: PlaceholderValues): Json {
  const value = fillIn(text, place, inputs, values);
  return place === 'list' ? listOf(value) : value;
}

/** A value with every text in it changed, keys excepted. */
export function mapTexts(
  value: Json,
  change: (text: string, path: JsonPath) => Json,
  path: JsonPath = [],
): Json {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, change, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapTexts(item, change, [...path, key])]),
  );
}

function pointerOf(path: JsonPath): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
