import type { Verb } from '../../src/app/verb.js';

/** Splits like a shell: blanks part words, quotes keep them together; nothing is expanded. */
export function split(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g))
    words.push(match[0].replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
  return words;
}

/** What was said as a verb and its arguments, by the verb's own positionals and options, as the command line reads them. */
export function parse(line: string, verbs: readonly Verb[]): { verb: string; args: Record<string, string> } {
  const [name = '', ...rest] = split(line);
  const verb = verbs.find((one) => one.name === name);
  const args: Record<string, string> = {};
  const places = (verb?.positional ?? []).map((one) => one.slice(1, -1));
  const takesValue = new Map(
    (verb?.options ?? []).map(({ flags }) => [flags.split(' ')[0] ?? '', flags.includes('<')]),
  );
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    const takes = takesValue.get(word);
    if (takes === undefined) args[places.shift() ?? 'too-many'] = word;
    else args[word.slice(2)] = takes ? (rest.shift() ?? '') : 'true';
  }
  return { verb: name, args };
}
