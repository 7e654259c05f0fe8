import { SlipwayError } from '../error.js';
import { findInJson } from './json-text.js';
import type { TextValue } from './text-value.js';
import { findInToml } from './toml-text.js';
import { wordProblem } from './words.js';

/**
 * The version in a file of a project, at a path of keys (`project.version`). `path` says what the file is (`*.toml`,
 * `*.json`) and names it in messages. The text is returned as it stands; whether it is a version is for the scheme.
 * @throws SlipwayError config-invalid with `path:line`
 */
export function readVersion(path: string, bytes: Uint8Array, key: string): string {
  const { text, value } = find(path, bytes, key);
  return text.slice(value.start, value.end);
}

/**
 * The same file with another version: nothing but the characters between the quotes changes.
 * @throws SlipwayError config-invalid with `path:line`
 */
export function writeVersion(path: string, bytes: Uint8Array, key: string, version: string): Uint8Array {
  // It must not be able to close the quotes that it is put into.
  const problem = wordProblem(version);
  if (problem !== undefined) {
    throw new SlipwayError('config-invalid', `the version ${JSON.stringify(version)} ${problem}`);
  }
  const { text, value } = find(path, bytes, key);
  return new TextEncoder().encode(text.slice(0, value.start) + version + text.slice(value.end));
}

function find(path: string, bytes: Uint8Array, key: string): { text: string; value: TextValue } {
  const text = decode(path, bytes);
  const finder = path.endsWith('.toml') ? findInToml : path.endsWith('.json') ? findInJson : undefined;
  if (finder === undefined) throw invalid(path, 1, 'a version is read from .toml and .json files only');
  const found = finder(text, key);
  if ('offset' in found) throw invalid(path, text.slice(0, found.offset).split('\n').length, found.message);
  return { text, value: found };
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(path, 1, 'the file is not UTF-8');
  }
}

function invalid(path: string, line: number, message: string): SlipwayError {
  return new SlipwayError('config-invalid', `${path}:${line}: ${message}`);
}
