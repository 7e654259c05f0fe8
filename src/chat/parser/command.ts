import { lineOfRun } from '../../release/run-id.js';
import { nearest } from '../../suggest.js';
import {
  lacks,
  noCommand,
  noInput,
  noOption,
  noValue,
  quoteNotClosed,
  takesNoValue,
  wordTooMany,
  type Mistyped,
} from '../views/mistyped.js';
import { splitWords, type Word } from './words.js';

/** A verb as far as typing goes: one of commands/. */
export interface VerbWords {
  name: string;
  /** `<run>`, `[step]` */
  positional: readonly string[];
  options: readonly { flags: string; about: string; required?: boolean; repeat?: boolean }[];
}

/** An operation of a project of the room, and the inputs that it asks for. */
export interface OperationWords {
  name: string;
  inputs: readonly string[];
}

/** What can be typed in a room. */
export interface Grammar {
  verbs: readonly VerbWords[];
  operations: readonly OperationWords[];
  /** The run that is meant where none is named: that of the thread, or the only one. */
  run?: string | undefined;
}

/** What is wrong with a command. */
export interface Wrong {
  message: string;
  /** The way on; ''. */
  hint: string;
  /** The word that was probably meant, and the whole command with it. */
  suggestion: { word: string; line: string } | undefined;
}

/** Something that a verb cannot do without. */
export interface Ask {
  /** Of the positional or the option. */
  name: string;
  about: string;
}

/** How the bot was spoken to: by `/release …`, or by its name. */
export type Form = 'command' | 'mention';

/** A line as it was meant. */
export type Typed =
  /** Words for people. */
  | { is: 'words' }
  | { is: 'bare' | 'help'; form: Form }
  | { is: 'say'; form: Form; verb: string; args: Record<string, string> }
  /** A command that lacks something: what it says so far, and what a form can ask for. */
  | { is: 'incomplete'; form: Form; verb: string; args: Record<string, string>; asks: Ask[]; wrong: Wrong }
  | { is: 'wrong'; form: Form; wrong: Wrong };

/** `/release` or `@slipway` at the beginning of a line, whatever stands before it unseen. */
const spoken = /^[\s\u200b\u2060\ufeff]*(?:(\/release)|@slipway[:,]?)(?=[\s\u200b\u2060\ufeff]|$)/iu;

/** How the bot is spoken to in this line; undefined: not at all. */
export function spokenTo(line: string): { form: Form; rest: string } | undefined {
  const found = spoken.exec(line);
  if (found === null) return undefined;
  return { form: found[1] === undefined ? 'mention' : 'command', rest: line.slice(found[0].length) };
}

/** Reads a line that was typed in a room. Pure; never throws. */
export function readLine(line: string, grammar: Grammar): Typed {
  const to = spokenTo(line);
  if (to === undefined) return { is: 'words' };
  const { form, rest } = to;
  const split = splitWords(rest);
  if (split.is === 'unclosed') {
    const column = [...line].length - [...rest].length + split.column;
    const wrong = { ...quoteNotClosed(split.quote, column), suggestion: undefined };
    return { is: 'wrong', form, wrong };
  }
  const [first, ...words] = split.words;
  if (first === undefined) return { is: 'bare', form };
  const name = first.text.toLowerCase();
  if (name === 'help' || name === '--help' || name === '-h') return { is: 'help', form };
  const head = headOf(name, grammar);
  if (head === undefined) return { is: 'wrong', form, wrong: unknownCommand(first, form, rest, grammar) };
  const read = readArgs(head, words, grammar);
  if ('wrong' in read) return { is: 'wrong', form, wrong: read.wrong };
  const { name: verb } = head.verb;
  const asks = missing(head.verb, read.args);
  if (asks.length === 0) return { is: 'say', form, verb, args: read.args };
  const isVote = asks.some(({ name }) => name === 'seal');
  const said = lacks(
    verb,
    asks.map((one) => one.written),
    isVote,
  );
  const wrong = { ...said, suggestion: undefined };
  return { is: 'incomplete', form, verb, args: read.args, asks, wrong };
}

/** A verb, with the operation that its name already said. */
interface Head {
  verb: VerbWords;
  operation: string | undefined;
}

function headOf(name: string, { verbs, operations }: Grammar): Head | undefined {
  const verb = verbs.find((one) => one.name === name);
  if (verb !== undefined) return { verb, operation: undefined };
  const release = verbs.find((one) => one.name === 'release');
  const operation = operations.find((one) => one.name.toLowerCase() === name);
  return release === undefined || operation === undefined
    ? undefined
    : { verb: release, operation: operation.name };
}

function unknownCommand(first: Word, form: Form, rest: string, { verbs, operations }: Grammar): Wrong {
  const known = [...operations.map((one) => one.name), ...verbs.map((one) => one.name), 'help'];
  const near = nearest(first.text, known);
  const called = form === 'command' ? '/release' : '@slipway';
  const behind = [...rest]
    .slice(first.column - 1 + [...first.text].length)
    .join('')
    .trim();
  return {
    ...noCommand(first.text, called, near === undefined ? undefined : `${called} ${near}`),
    suggestion:
      near === undefined
        ? undefined
        : { word: near, line: ['/release', near, behind].filter(Boolean).join(' ') },
  };
}

type Read = { args: Record<string, string> } | { wrong: Wrong };

/** The arguments of a verb from the words behind it; options may stand anywhere. */
function readArgs({ verb, operation }: Head, words: readonly Word[], { operations, run }: Grammar): Read {
  const options = new Map(verb.options.map((one) => [nameOf(one.flags), one]));
  const args: Record<string, string> = operation === undefined ? {} : { operation };
  const isRunMeant = run !== undefined && !words.some((word) => lineOfRun(word.text) !== '');
  if (isRunMeant && verb.positional.some((one) => one.slice(1, -1) === 'run')) args['run'] = run;
  const places = verb.positional.map((one) => one.slice(1, -1)).filter((one) => args[one] === undefined);
  const inputsOf = (): readonly string[] =>
    operations.find((one) => one.name === args['operation'])?.inputs ?? [];
  const put = (name: string, value: string): void => {
    const before = args[name];
    args[name] = options.get(name)?.repeat === true && before !== undefined ? `${before}\n${value}` : value;
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const given = word.quoted ? undefined : optionOf(word.text);
    if (given === undefined) {
      const assigned = word.quoted ? undefined : assignmentOf(word.text);
      const isOption = assigned !== undefined && options.get(assigned.name)?.flags.includes('<') === true;
      if (assigned !== undefined && isInput(assigned.name, options, inputsOf())) {
        put('input', `${assigned.name}=${assigned.value}`);
      } else if (assigned !== undefined && isOption) {
        put(assigned.name, assigned.value);
      } else {
        const valued = [...options].filter(([, { flags }]) => flags.includes('<')).map(([name]) => name);
        const meant = assigned && nearest(assigned.name, [...valued, ...inputsOf()]);
        if (assigned !== undefined && meant !== undefined) return mistypedName(assigned.name, meant);
        const place = places.shift();
        if (place === undefined) return tooMany(word, verb, operation);
        args[place] = word.text;
      }
      continue;
    }
    const { name, value } = given;
    const option = options.get(name);
    if (option === undefined && !isInput(name, options, inputsOf()))
      return unknownOption(name, verb, inputsOf());
    if (option !== undefined && !option.flags.includes('<')) {
      if (value !== undefined) return wrong(takesNoValue(name));
      put(name, 'true');
      continue;
    }
    const next = words[at + 1];
    const taken =
      value ?? (next !== undefined && (next.quoted || !next.text.startsWith('--')) ? next.text : undefined);
    if (taken === undefined) return wrong(noValue(name));
    if (value === undefined) at += 1;
    if (option === undefined) put('input', `${name}=${taken}`);
    else put(name, taken);
  }
  return { args };
}

/** `--reason <text>` → `reason` */
function nameOf(flags: string): string {
  return (flags.split(' ')[0] ?? '').replace(/^--/, '');
}

function optionOf(text: string): { name: string; value: string | undefined } | undefined {
  const found = /^--([^=\s]+)(?:=([\s\S]*))?$/u.exec(text);
  return found === null ? undefined : { name: (found[1] ?? '').toLowerCase(), value: found[2] };
}

function assignmentOf(text: string): { name: string; value: string } | undefined {
  const found = /^([A-Za-z][\w-]*)=([\s\S]*)$/u.exec(text);
  return found === null ? undefined : { name: found[1] ?? '', value: found[2] ?? '' };
}

/** An input of the operation that is meant; an option of the same name comes first. */
function isInput(name: string, options: ReadonlyMap<string, unknown>, inputs: readonly string[]): boolean {
  return options.has('input') && !options.has(name) && inputs.includes(name);
}

function unknownOption(name: string, verb: VerbWords, inputs: readonly string[]): Read {
  const known = [...verb.options.map((one) => nameOf(one.flags)), ...inputs];
  const near = nearest(name, known);
  return wrong(noOption(name, verb.name, near, known));
}

/** `comits=1a2b3c4`: it is no version, and no other word of the command. */
function mistypedName(name: string, meant: string): Read {
  return wrong(noInput(name, meant));
}

function tooMany(word: Word, verb: VerbWords, operation: string | undefined): Read {
  const written = [operation ?? verb.name, ...verb.positional.slice(operation === undefined ? 0 : 1)].join(
    ' ',
  );
  return wrong(wordTooMany(word.text, written));
}

/** What a verb still needs; `written`: as it is typed. */
function missing(verb: VerbWords, args: Readonly<Record<string, string>>): (Ask & { written: string })[] {
  const places = verb.positional
    .filter((one) => one.startsWith('<'))
    .map((written) => ({ name: written.slice(1, -1), about: '', written }));
  const options = verb.options
    .filter((one) => one.required === true)
    .map(({ flags, about }) => ({ name: nameOf(flags), about, written: flags }));
  return [...places, ...options].filter(({ name }) => args[name] === undefined);
}

function wrong(said: Mistyped): Read {
  return { wrong: { ...said, suggestion: undefined } };
}
