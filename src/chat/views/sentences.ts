import type { Block, Button, Line, MarkName, Message, Piece } from '../message.js';
import { marked, type Words } from '../compose.js';
import { clip, fitBlock, oneLine, unmarked } from './fit.js';
import { instant } from './marks.js';
import { plain } from './plain.js';

/** The word that stands beside each mark, so that no state is told by the mark alone. */
const twins: Record<MarkName, string> = {
  done: 'done',
  running: 'running',
  'to-do': 'to do',
  waiting: 'waiting',
  failed: 'failed',
  skipped: 'skipped',
  warning: 'warning',
  paused: 'paused',
  locked: 'locked',
  void: 'void',
};

/** What a lock is called besides. */
const locks = ['frozen', 'pinned'];

/** A line with its mark: name, `·`, twin word, and the rest: `✅ Tag · done 3 s`. `twin`: another word for a lock. */
export function stated(
  mark: MarkName,
  name: Words | readonly Words[],
  rest: readonly Words[] = [],
  twin: string = twins[mark],
): Line {
  const words = typeof name === 'object' && 'length' in name ? name : [name];
  return marked(mark, ...shortName(words), ` · ${twin}`, ...rest);
}

/** How long a name may be, so that the state stands within the first 60 characters. */
const longestName = 45;

function shortName(words: readonly Words[]): Words[] {
  let left = longestName;
  return words.map((word): Words => {
    const text = typeof word === 'string' ? word : 'text' in word ? word.text : '';
    const short = clip(text, Math.max(1, left));
    left -= short.length;
    return typeof word === 'string' ? short : 'text' in word ? { ...word, text: short } : word;
  });
}

/** A message with its text, fit for a phone. */
export function told(parts: Omit<Message, 'text'>): Message {
  const blocks = parts.blocks.map(fitBlock).filter((block) => block.is === 'table' || block.lines.length > 0);
  return { ...parts, blocks, text: inSentences(parts.header, blocks, parts.buttons) };
}

/** An answer of one line or a few, without a header. */
export function shortly(mood: Message['mood'], lines: readonly Line[], buttons: Button[] = []): Message {
  return told({ header: '', mood, blocks: [{ is: 'lines', lines: [...lines] }], buttons });
}

const longest = 1_500;

/**
 * The whole message in sentences: lines with marks grouped by their twin words, fences left out, and no marks or arrows,
 * also not those of foreign text.
 */
export function inSentences(header: string, blocks: readonly Block[], buttons: readonly Button[]): string {
  const sentences = [
    ...(header === '' ? [] : [sentence(header)]),
    ...blocks.flatMap(blockSentences),
    ...(buttons.length === 0 ? [] : [`Buttons: ${buttons.map(({ label }) => label).join(', ')}.`]),
  ].map(spoken);
  return shortened(sentences);
}

function shortened(sentences: readonly string[]): string {
  let text = '';
  for (const one of sentences) {
    const next = text === '' ? one : `${text} ${one}`;
    if (next.length > longest) return text === '' ? clip(one, longest) : text;
    text = next;
  }
  return text;
}

function blockSentences(block: Block): string[] {
  switch (block.is) {
    case 'lines':
    case 'small':
      return [
        ...grouped(block.lines.filter(({ mark }) => mark !== undefined)),
        ...block.lines.filter(({ mark }) => mark === undefined).map((one) => sentence(lineText(one))),
      ];
    case 'code':
      return [];
    case 'table':
      return [
        sentence(block.caption),
        ...block.rows.map((row) =>
          sentence(row.map((cell, place) => `${block.columns[place] ?? ''} ${cell}`.trim()).join(', ')),
        ),
      ];
  }
}

/** What needs somebody comes first. */
const order: MarkName[] = [
  'failed',
  'waiting',
  'warning',
  'running',
  'paused',
  'locked',
  'void',
  'skipped',
  'done',
  'to-do',
];

function grouped(lines: readonly Line[]): string[] {
  return order.flatMap((mark) => {
    const own = lines.filter((one) => one.mark === mark).map(nameAndRest);
    if (own.length === 0) return [];
    // A line that was written for the command line may not have its twin word.
    const word = own[0]?.twin || twins[mark];
    const head = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
    const texts = own.map(({ name, rest }) => (mark === 'done' ? name : `${name}${rest}`));
    return [sentence(`${head}: ${texts.join(texts.some((one) => one.includes(',')) ? '; ' : ', ')}`)];
  });
}

/** A marked line taken apart at its twin word. */
function nameAndRest(one: Line): { name: string; twin: string; rest: string } {
  const text = lineText(one);
  const at = text.indexOf(' · ');
  if (at < 0) return { name: text, twin: '', rest: '' };
  const after = text.slice(at + 3);
  const known = [...Object.values(twins), ...locks].find((word) => after.startsWith(word)) ?? '';
  return { name: text.slice(0, at), twin: known, rest: after.slice(known.length).replace(/^:/, ',') };
}

/** A line as words; a label in bold before them ends with a colon. */
function lineText({ pieces }: Line): string {
  const [first, ...more] = pieces;
  const rest = more.map(pieceText).join('');
  if (first === undefined) return '';
  const isLabel = first.is === 'bold' && rest.startsWith(' ');
  return `${pieceText(first)}${isLabel ? ':' : ''}${rest}`;
}

function pieceText(piece: Piece): string {
  switch (piece.is) {
    case 'person':
      return piece.name;
    case 'time':
      return instant(piece.at);
    case 'command':
      return `/release ${[piece.verb === 'release' ? '' : piece.verb, piece.rest].filter(Boolean).join(' ')}`;
    default:
      return piece.text;
  }
}

function sentence(text: string): string {
  return /[.?!:]["”]?$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`;
}

/** Foreign text may hold marks, arrows and fences of its own; none of them is read aloud. */
function spoken(text: string): string {
  const words = unmarked(text.replaceAll('✅', 'check mark').replaceAll('❌', 'cross mark'))
    .replaceAll(/\s*(?:[\u2190-\u21FF\u27F0-\u27FF]|[-=]>)\s*/gu, ' to ')
    .replaceAll(/`{3,}|~{3,}/g, '');
  return plain(oneLine(words));
}
