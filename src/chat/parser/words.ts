/** One word of a line, without its quotes. */
export interface Word {
  text: string;
  /** Where it begins: the column, from 1, in characters. */
  column: number;
  /** It began with a quote: it is a value, whatever it looks like. */
  quoted: boolean;
}

/** A line as words; or the quote that nobody closed. */
export type SplitLine = { is: 'words'; words: Word[] } | { is: 'unclosed'; quote: string; column: number };

/** Quotes of phones, word processors and other languages; one of a group is closed by any of the same group. */
const double = new Set('"“”„‟«»″');
const single = new Set("'‘’‚‛‹›′");
/** What a phone makes of `--`. */
const dash = /^[‒–—―]{1,2}(?=\p{L})/u;
/** Blanks without a width that editors and web pages leave behind; no person has typed them. */
const nothing = new Set(['\u200b', '\u2060', '\ufeff', '\u00ad']);
const blank = /^\s$/u;

/**
 * Splits what somebody typed: blanks part words, quotes keep them together, a backslash before a quote keeps the quote.
 * A single quote opens only where a word or a value begins and closes only where it ends, so that `don't` is a word.
 * Never throws.
 */
export function splitWords(line: string): SplitLine {
  const all = [...line];
  const words: Word[] = [];
  let place = 0;
  while (place < all.length) {
    if (isGap(all[place])) {
      place += 1;
      continue;
    }
    const word = wordAt(all, place);
    if ('quote' in word) return { is: 'unclosed', quote: word.quote, column: word.column };
    words.push(word.word);
    place = word.next;
  }
  return { is: 'words', words };
}

type Found = { word: Word; next: number } | { quote: string; column: number };

function wordAt(all: readonly string[], from: number): Found {
  let text = '';
  let place = from;
  const quoted = double.has(all[from] ?? '') || single.has(all[from] ?? '');
  while (place < all.length && !isBlank(all[place])) {
    const one = all[place] ?? '';
    if (opens(all, from, place)) {
      const end = closing(all, place);
      if (end === undefined) return { quote: one, column: place + 1 };
      text += unescaped(all.slice(place + 1, end));
      place = end + 1;
      continue;
    }
    if (one === '\\' && isQuote(all[place + 1])) place += 1;
    text += nothing.has(all[place] ?? '') ? '' : (all[place] ?? '');
    place += 1;
  }
  return { word: { text: quoted ? text : text.replace(dash, '--'), column: from + 1, quoted }, next: place };
}

function opens(all: readonly string[], from: number, place: number): boolean {
  const one = all[place] ?? '';
  if (double.has(one)) return true;
  return single.has(one) && (place === from || all[place - 1] === '=');
}

/** Where the quote that opens here is closed; undefined: nowhere. */
function closing(all: readonly string[], open: number): number | undefined {
  const isDouble = double.has(all[open] ?? '');
  for (let place = open + 1; place < all.length; place += 1) {
    const one = all[place] ?? '';
    if (one === '\\' && isQuote(all[place + 1])) place += 1;
    else if (isDouble && double.has(one)) return place;
    else if (!isDouble && single.has(one) && (place + 1 === all.length || isGap(all[place + 1])))
      return place;
  }
  return undefined;
}

function unescaped(inside: readonly string[]): string {
  return inside.filter((one, place) => !(one === '\\' && isQuote(inside[place + 1]))).join('');
}

function isQuote(one: string | undefined): boolean {
  return one !== undefined && (double.has(one) || single.has(one));
}

function isBlank(one: string | undefined): boolean {
  return one !== undefined && blank.test(one);
}

function isGap(one: string | undefined): boolean {
  return one !== undefined && (isBlank(one) || nothing.has(one));
}
