import type { Author } from './history.js';

/** A change that somebody merges while a release is on its way. */
export interface Fix {
  author: Author;
  /** ISO 8601 with zone. */
  date: string;
  subject: string;
  edits: readonly { path: string; before: string; now: string }[];
}

/** Fixes that a sandbox can merge, by the name that the demo uses. */
export const fixes = {
  /** Found by those who use the candidate. */
  lastLine: {
    author: { name: 'Cat Moreau', email: 'cat@example.com' },
    date: '2025-09-16T10:05:44+01:00',
    subject: 'fix: the newline at the end of a file is no line',
    edits: [
      {
        path: 'src/kestrel.mjs',
        before: '  return text\n    .split(/\\r?\\n/)\n',
        now: "  return text\n    .replace(/\\r?\\n$/, '')\n    .split(/\\r?\\n/)\n",
      },
    ],
  },
  /** Found by customers, after the promotion. */
  noFile: {
    author: { name: 'Ben Okafor', email: 'ben@example.com' },
    date: '2025-09-22T15:31:02+01:00',
    subject: 'fix: a file that is not there is said in one line',
    edits: [
      {
        path: 'src/kestrel.mjs',
        before: '  for (const file of files) {\n',
        now: '  for (const file of files) {\n    if (!existsSync(file)) {\n      console.error(`kestrel: there is no file ${file}`);\n      return 2;\n    }\n',
      },
    ],
  },
} as const satisfies Record<string, Fix>;

/** One change more, for when a branch has all of the others: another example at the end of README.md, which always fits. */
export function oneMore(readme: string): Fix {
  const count = readme.split(example).length + 3;
  const { author } = count % 2 === 0 ? fixes.lastLine : fixes.noFile;
  return {
    author,
    date: new Date(Date.parse(fixes.noFile.date) + count * dayMs).toISOString(),
    subject: `docs: an example with the ${count} longest lines`,
    edits: [
      {
        path: 'README.md',
        before: readme,
        now: `${readme}\n${example}${count} notes.txt\n`,
      },
    ],
  };
}

const example = 'Example: node kestrel.mjs --count ';
const dayMs = 24 * 60 * 60 * 1000;
