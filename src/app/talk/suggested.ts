import { opens, says } from '../../chat/compose.js';
import type { Button } from '../../chat/message.js';
import { readLine, type Wrong } from '../../chat/parser/command.js';
import { grammarOf } from './grammar.js';
import type { Around } from './meant.js';
import { startForm } from './start-form.js';
import type { Heard, Listening } from './talk.js';

/**
 * A button for what was probably meant. An operation opens the form that shows its plan: nothing is started by a word
 * that nobody typed.
 */
export async function suggested(
  { opened, verbs }: Listening,
  around: Around,
  heard: Heard,
  { suggestion }: Wrong,
): Promise<Button | undefined> {
  if (suggestion === undefined) return undefined;
  const typed = readLine(suggestion.line, grammarOf(around, verbs));
  if (typed.is !== 'say') return undefined;
  const { verb, args } = typed;
  const label = `Use ${suggestion.word}`;
  if (verb !== 'release') return says('use', label, { verb, args });
  const form = await startForm(opened, around, heard, args);
  return 'title' in form ? opens('use', `${label}…`, form) : undefined;
}
