import { SlipwayError } from '../error.js';

/** One edit of a text file: a line to insert below another one. */
export interface Edit {
  insert: string;
  below: string;
}

/**
 * The file with `insert` as a line of its own right below the one line that is exactly `below`, with the line ends that are
 * there. Where it stands there already the file stays as it is.
 * @throws SlipwayError config-invalid when no line or several lines are `below`, or the file is no UTF-8
 */
export function insertBelow(path: string, bytes: Uint8Array, { insert, below }: Edit): Uint8Array {
  const lines = decode(path, bytes).split(/(?<=\n)/);
  const at = lines.flatMap((line, n) => (textOf(line) === below ? [n] : []));
  const [only] = at;
  if (only === undefined || at.length > 1) {
    const found =
      only === undefined
        ? 'no line'
        : `${at.length} lines (${at
            .slice(0, 5)
            .map((n) => n + 1)
            .join(', ')})`;
    throw invalid(
      `${path} has ${found} that is ${JSON.stringify(below)}, and needs exactly one to insert below.`,
    );
  }
  if (textOf(lines[only + 1] ?? '') === insert) return bytes;
  const line = lines[only] ?? '';
  const end = line.endsWith('\r\n') ? '\r\n' : '\n';
  // The last line may have no end of its own, and the file keeps ending as it did.
  const added = line.endsWith('\n') ? `${line}${insert}${end}` : `${line}${end}${insert}`;
  return new TextEncoder().encode(lines.toSpliced(only, 1, added).join(''));
}

function textOf(line: string): string {
  return line.replace(/\r?\n$/, '');
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(`${path} is not UTF-8.`);
  }
}

function invalid(message: string): SlipwayError {
  return new SlipwayError('config-invalid', message, {
    hint: 'Nothing was committed. The process says it in "edits".',
  });
}
