import type { Completion } from '../completion.js';
import type { Grammar } from './command.js';
import { spokenTo } from './command.js';
import { splitWords } from './words.js';

/** A word that fits somewhere, with what it is. */
export interface Candidate {
  word: string;
  about: string;
}

/** What can stand where, by the name of the place or option: `run`, `version`, `project`, `second`. */
export type Values = Readonly<Record<string, readonly Candidate[]>>;

/** What completion knows besides the grammar. */
export interface Completing {
  grammar: Grammar;
  /** What a word at the beginning is about, and whether who types may use it. Words that are missing are not offered. */
  heads: readonly (Candidate & { yours: boolean })[];
  values: Values;
}

/** How many are offered at once. */
const most = 10;

/** What could be typed next, best first. Pure; never throws; of a line that is not for the bot: nothing. */
export function completions(text: string, { grammar, heads, values }: Completing): Completion[] {
  if (
    /^\/[a-z]*$/i.test(text) &&
    '/release'.startsWith(text.toLowerCase()) &&
    text.toLowerCase() !== '/release'
  )
    return [{ line: '/release ', label: '/release', about: 'Start a release, or ask about one' }];
  const to = spokenTo(text);
  if (to === undefined) return [];
  const line = /\s$/u.test(text) ? text : text.slice(0, text.length - lastWord(text).length);
  const partial = /\s$/u.test(text) || to.rest === '' ? '' : lastWord(text);
  const before = to.rest === '' ? `${text} ` : line;
  const split = splitWords(spokenTo(before)?.rest ?? '');
  if (split.is === 'unclosed') return [];
  const [head, ...words] = split.words.map((one) => one.text);
  const found =
    head === undefined
      ? [...heads].toSorted((a, b) => Number(b.yours) - Number(a.yours))
      : behind(head, words, partial, grammar, values);
  return fitting(found, partial)
    .slice(0, most)
    .map(({ word, about }) => ({
      line: `${before}${quotedIfNeeded(word)}${word.endsWith('=') ? '' : ' '}`,
      label: word,
      about,
    }));
}

function lastWord(text: string): string {
  return /\S*$/u.exec(text)?.[0] ?? '';
}

/** Those that begin with what is typed; where none does, those that hold it. An option is offered by its dashes. */
function fitting(all: readonly Candidate[], partial: string): Candidate[] {
  const typed = partial.toLowerCase();
  const begins = all.filter(({ word }) => word.toLowerCase().startsWith(typed));
  if (begins.length > 0) return begins;
  return all.filter(({ word }) => !word.startsWith('--') && word.toLowerCase().includes(typed));
}

/** What can stand behind a verb and some words. */
function behind(
  head: string,
  words: readonly string[],
  partial: string,
  { verbs, operations }: Grammar,
  values: Values,
): readonly Candidate[] {
  const operation = operations.find((one) => one.name === head.toLowerCase());
  const verb =
    verbs.find((one) => one.name === head.toLowerCase()) ??
    (operation === undefined ? undefined : verbs.find((one) => one.name === 'release'));
  if (verb === undefined) return [];
  const options = new Map(verb.options.map((one) => [one.flags.split(' ')[0] ?? '', one]));
  const last = options.get(words.at(-1) ?? '');
  if (last?.flags.includes('<') === true) return valuesOf(words.at(-1)?.slice(2) ?? '', values);
  const taken = words.filter(
    (word, place) =>
      !word.startsWith('--') && options.get(words[place - 1] ?? '')?.flags.includes('<') !== true,
  );
  const said = operation === undefined ? taken : [operation.name, ...taken];
  const place = verb.positional[said.length]?.slice(1, -1);
  const chosen = operations.find((one) => one.name === said[verb.positional.indexOf('<operation>')]);
  const inputs = (chosen?.inputs ?? [])
    .filter((one) => !words.some((word) => word.startsWith(`${one}=`)))
    .map((one) => ({ word: `${one}=`, about: 'an input of the operation' }));
  const left = verb.options
    .filter(({ flags, repeat }) => repeat === true || !words.includes(flags.split(' ')[0] ?? ''))
    .map(({ flags, about }) => ({ word: flags.split(' ')[0] ?? '', about }));
  if (partial.startsWith('-')) return left;
  return [...(place === undefined ? [] : valuesOf(place, values)), ...inputs, ...left];
}

function valuesOf(name: string, values: Values): readonly Candidate[] {
  return Object.hasOwn(values, name) ? (values[name] ?? []) : [];
}

function quotedIfNeeded(word: string): string {
  return /[\s"'“”‘’«»„]/u.test(word) ? `"${word.replaceAll(/["“”„«»]/gu, "'")}"` : word;
}
