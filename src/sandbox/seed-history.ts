import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '../error.js';
import { data, signature } from './fast-import.js';
import { gitIn } from './git-folder.js';
import { edits, history } from './history.js';

/**
 * Makes a bare repository with the past of kestrel. The same template gives the same commits on every machine.
 * @param repo folder to make; it must not exist
 * @param template folder with the files of today
 * @param path where `git` is looked up
 * @throws SlipwayError git-failed
 */
export async function seedHistory(repo: string, template: string, path: string): Promise<void> {
  const stream = await pastAsStream(template);
  await mkdir(repo, { recursive: true });
  await gitIn(repo, path, ['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  await gitIn(repo, path, ['fast-import', '--quiet', '--done', '--date-format=raw'], stream);
}

/** All commits and tags in the language of `git fast-import`. */
async function pastAsStream(template: string): Promise<string> {
  const today = new Map<string, string>();
  for (const file of new Set(history.flatMap(({ files }) => files))) {
    today.set(file, await readFile(join(template, file), 'utf8'));
  }
  const parts: string[] = [];
  for (const [index, { author, date, subject, files, tag }] of history.entries()) {
    const who = `${signature(author, date)}\n`;
    parts.push(
      `commit refs/heads/main\nmark :${index + 1}\nauthor ${who}committer ${who}${data(`${subject}\n`)}`,
    );
    if (index > 0) parts.push(`from :${index}\n`);
    for (const file of files) {
      parts.push(`M 100644 inline ${file}\n${data(contentAt(index, file, today.get(file) ?? ''))}`);
    }
    if (tag !== undefined) {
      parts.push(
        `tag ${tag}\nfrom :${index + 1}\ntagger ${who}${data(`Kestrel ${tag.replace('kestrel-v', '')}\n`)}`,
      );
    }
  }
  return `${parts.join('')}done\n`;
}

function contentAt(commit: number, file: string, today: string): string {
  return edits
    .filter((edit) => edit.path === file && edit.since > commit)
    .reduce((text, { now, before }) => {
      if (!text.includes(now)) throw new SlipwayError('internal', `the template ${file} has no more: ${now}`);
      return text.replace(now, () => before);
    }, today);
}
