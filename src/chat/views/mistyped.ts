/** What is wrong with a typed line: the fact, and the way on. What was typed is repeated only as far as it is short. */
export interface Mistyped {
  message: string;
  hint: string;
}

/** Of a word that may be of any length, what an answer repeats of it. */
export function clip(text: string): string {
  return [...text].length <= 40 ? text : `${[...text].slice(0, 39).join('')}…`;
}

const didYouMean = (meant: string | undefined): string =>
  meant === undefined ? '' : ` Did you mean ${meant}?`;

/** `column`: counted from 1, in characters. */
export const quoteNotClosed = (quote: string, column: number): Mistyped => ({
  message: `The quote ${quote} at column ${column} is not closed.`,
  hint: '',
});

/** `asks`: what is missing, as it is typed. `isVote`: a seal is among it, which nobody types. */
export const lacks = (verb: string, asks: readonly string[], isVote: boolean): Mistyped => ({
  message: `${verb} needs ${asks.join(', ')}.`,
  hint: isVote ? 'The buttons of the question say it for you.' : '',
});

/** `called`: `/release` or `@slipway`. `meant`: the whole command that is nearest. */
export const noCommand = (typed: string, called: string, meant: string | undefined): Mistyped => ({
  message: `"${clip(typed)}" is not a command.${didYouMean(meant)}`,
  hint: meant === undefined ? `${called} help lists what you can say.` : '',
});

export const noOption = (
  name: string,
  verb: string,
  meant: string | undefined,
  known: readonly string[],
): Mistyped => ({
  message: `"--${clip(name)}" is no option of ${verb}.${didYouMean(meant === undefined ? undefined : `--${meant}`)}`,
  hint: known.length === 0 ? 'It has none.' : `Options: ${known.map((one) => `--${one}`).join(', ')}.`,
});

/** `comits=1a2b3c4` */
export const noInput = (name: string, meant: string): Mistyped => ({
  message: `"${clip(name)}=" is not known here.${didYouMean(`${meant}=`)}`,
  hint: '',
});

/** `written`: how the command is typed. */
export const wordTooMany = (word: string, written: string): Mistyped => ({
  message: `"${clip(word)}" is one word too many.`,
  hint: `Written like this: /release ${written}. Put several words into quotes.`,
});

export const takesNoValue = (option: string): Mistyped => ({
  message: `--${option} takes no value.`,
  hint: '',
});

export const noValue = (option: string): Mistyped => ({
  message: `--${option} needs a value behind it.`,
  hint: '',
});
