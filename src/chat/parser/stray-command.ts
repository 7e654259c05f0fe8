import { nearest } from '../../suggest.js';
import { clip, noCommand } from '../views/mistyped.js';
import { readLine, spokenTo, type Grammar, type Wrong } from './command.js';

/** A word behind a slash, and what follows it. A path (`/usr/bin`) is none. */
const slashed = /^[\s\u200b\u2060\ufeff]*\/(\p{L}[\p{L}\d-]*)(?=\s|$)(.*)$/su;

/** What is wrong with a line that begins like a command but is none of ours: `/relase cut`, `/status`. */
export function strayCommand(line: string, grammar: Grammar): Wrong | undefined {
  const found = spokenTo(line) === undefined ? slashed.exec(line) : null;
  if (found === null) return undefined;
  const [, word = '', rest = ''] = found;
  const meant = nearest(word, ['release']) === undefined ? `/release ${word}${rest}` : `/release${rest}`;
  const suggestion = suggestionOf(meant.trim(), grammar);
  return {
    ...noCommand(`/${word}`, '/release', suggestion?.said),
    suggestion,
  };
}

/** The command that was meant, whose own first word may be mistyped too. `said`: as much of it as a question repeats. */
function suggestionOf(
  line: string,
  grammar: Grammar,
): { word: string; line: string; said: string } | undefined {
  const typed = readLine(line, grammar);
  if (typed.is === 'wrong') {
    const { suggestion } = typed.wrong;
    return suggestion && { ...suggestion, said: `/release ${suggestion.word}` };
  }
  const [, word = ''] = line.split(/\s+/);
  return { word: word === '' ? 'release' : clip(word), line, said: `/release ${clip(word)}`.trim() };
}
