import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verbs } from '../../../../commands/index.js';
import { chatTongue, plainLine } from '../../../../src/chat/plain-text.js';
import { chatLine, sayable } from '../../../../src/chat/views/answers/tongue.js';

const inChat = (sentence: string): string => plainLine(chatLine(sentence), chatTongue);

describe('sentences of the command line, as a chat says them', () => {
  test.each([
    [
      'Nothing was started. Cut it first: slipway release cut',
      'Nothing was started. Cut it first: /release cut',
    ],
    [
      'Make the next candidate (slipway release fixup), promote it.',
      'Make the next candidate (/release fixup), promote it.',
    ],
    ['slipway status lists what is open.', '/release status lists what is open.'],
    [
      'Next: slipway retry kestrel_0.44.0_cut_1 store, or slipway cancel kestrel_0.44.0_cut_1',
      'Next: /release retry kestrel_0.44.0_cut_1 store, or /release cancel kestrel_0.44.0_cut_1',
    ],
    [
      'Older: slipway history --project kestrel --page 2',
      'Older: /release history --project kestrel --page 2',
    ],
    [
      'It may still start; look with slipway status before you ask again.',
      'It may still start; look with /release status before you ask again.',
    ],
    ['Nothing was changed. Add --as <person>.', 'Nothing was changed.'],
    ['Nobody voted. Add --as <person>, in a sandbox project.', 'Nobody voted.'],
    [
      'Nothing was started. Add --help to see how it is written.',
      'Nothing was started. /release help says what you can say.',
    ],
    [
      'Restore it from a backup (slipway restore), then retry the step.',
      "Restore it from a backup (the operator's restore), then retry the step.",
    ],
    ['✅ Tag · done 3 s', '✅ Tag · done 3 s'],
    ['It says "slipway is fine" and my-slipway status.', 'It says "slipway is fine" and my-slipway status.'],
  ])('%s', (sentence, said) => {
    expect(inChat(sentence)).toBe(said);
  });

  test('a command is a piece of its own, which each chat draws as its own', () => {
    expect(chatLine('⚠️ Next: slipway release cut').pieces).toEqual([
      { is: 'text', text: 'Next: ' },
      { is: 'command', verb: 'release', rest: 'cut' },
    ]);
    expect(chatLine('⚠️ Next: slipway release cut').mark).toBe('warning');
  });

  test('knows exactly the verbs that people can say', () => {
    expect([...sayable].toSorted()).toEqual([...verbs.map((verb) => verb.name), 'help'].toSorted());
  });

  test('no sentence of the source reaches a chat as a command of the terminal', async () => {
    const sentences = await sentencesOfTheSource();
    expect(sentences.length).toBeGreaterThan(40);
    const ours = [...sayable, 'start', 'worker', 'validate', 'backup', 'restore', 'demo', 'open', 'practice'];
    const terminal = new RegExp(`(?<![\\w/.-])slipway (?:${ours.join('|')})\\b|--as\\b|.--help`);
    const left = sentences.map(inChat).filter((said) => terminal.test(said));
    expect(left).toEqual([]);
  });
});

/** Every string that speaks of a command, with names in the place of what is filled in. */
async function sentencesOfTheSource(): Promise<string[]> {
  const root = resolve(import.meta.dirname, '../../../..');
  const found: string[] = [];
  for (const folder of ['src', 'commands']) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      // What the owner, the sandbox and the pages say is said to operators, or is no text for people.
      if (
        !entry.isFile() ||
        !entry.name.endsWith('.ts') ||
        /src\/(web|sandbox)\/|owner\.ts|tongue\.ts/.test(path)
      )
        continue;
      const text = await readFile(path, 'utf8');
      const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      for (const [, , words = ''] of code.matchAll(/(['`])((?:(?!\1)[^\\\n])*)\1/g)) {
        if (/slipway [a-z-]|--as\b|--help/.test(words))
          found.push(words.replaceAll(/\$\{[^}]*\}/g, 'kestrel_0.44.0_cut_1'));
      }
    }
  }
  return found;
}
