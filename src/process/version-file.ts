import { SlipwayError } from '../error.js';
import type { VersionPlace } from '../release/plan.js';
import { findInJson } from './json-text.js';
import { findInLines } from './line-text.js';
import type { Refusal, TextValue } from './text-value.js';
import { findInToml } from './toml-text.js';
import { wordProblem } from './words.js';

/** The longest file that a version is looked for in, in bytes. */
const maxBytes = 1024 * 1024;

/**
 * The version at a place in a file of a project: at a path of keys of a `.toml` or `.json` file (`project.version`), or
 * in the one line that is written as a pattern says (`__version__ = "{version}"`). The text is returned as it stands;
 * whether it is a version is for the scheme.
 * @throws SlipwayError config-invalid with `path:line`
 */
export function readVersion(place: VersionPlace, bytes: Uint8Array): string {
  const { text, value } = find(place, bytes);
  return text.slice(value.start, value.end);
}

/**
 * The same file with another version: nothing but the version's own characters changes.
 * @throws SlipwayError config-invalid with `path:line`
 */
export function writeVersion(place: VersionPlace, bytes: Uint8Array, version: string): Uint8Array {
  // It must not be able to close the quotes that it is put into.
  const problem = wordProblem(version);
  if (problem !== undefined) {
    throw new SlipwayError('config-invalid', `the version ${JSON.stringify(version)} ${problem}`);
  }
  const { text, value } = find(place, bytes);
  return new TextEncoder().encode(text.slice(0, value.start) + version + text.slice(value.end));
}

function find(place: VersionPlace, bytes: Uint8Array): { text: string; value: TextValue } {
  const { path } = place;
  const text = decode(path, bytes);
  const found = 'line' in place ? findInLines(text, place.line) : findAtKey(text, path, place.key);
  if ('offset' in found) throw invalid(path, text.slice(0, found.offset).split('\n').length, found.message);
  return { text, value: found };
}

function findAtKey(text: string, path: string, key: string): TextValue | Refusal {
  if (path.endsWith('.toml')) return findInToml(text, key, path);
  if (path.endsWith('.json')) return findInJson(text, key);
  return {
    offset: 0,
    message: 'a key is read from .toml and .json files only; give the line that holds the version instead',
  };
}

function decode(path: string, bytes: Uint8Array): string {
  if (bytes.length > maxBytes) throw invalid(path, 1, 'the file is longer than 1 MiB');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(path, 1, 'the file is not UTF-8');
  }
}

function invalid(path: string, line: number, message: string): SlipwayError {
  return new SlipwayError('config-invalid', `${path}:${line}: ${message}`);
}
