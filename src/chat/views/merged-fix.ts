import { code, command, line, lines } from '../compose.js';
import type { Line, Message } from '../message.js';

/** What was merged in a practice project, and what takes it into a release. */
export function mergedFix(merged: {
  branch: string;
  /** Whether it is the branch of an open release. */
  isRelease: boolean;
  commit: string;
  subject: string;
  author: string;
}): Message {
  const { branch, isRelease, commit, subject, author } = merged;
  const sha = commit.slice(0, 7);
  const next = isRelease ? 'The next candidate has it.' : 'The next cut has it.';
  return answer(
    `${author} merged ${sha} into ${branch}: "${subject}". ${next}`,
    line(`${author} merged `, code(sha), ' into ', code(branch), `: "${subject}".`),
    isRelease
      ? line(`${next} Make it: `, command('release', 'fixup'))
      : line(`${next} An open release takes it with `, command('release', `fixup commits=${sha}`)),
  );
}

const answer = (text: string, ...all: Line[]): Message => ({
  header: '',
  mood: 'plain',
  blocks: [lines(...all)],
  buttons: [],
  text,
});
