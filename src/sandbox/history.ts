/** A person who wrote commits before Slipway came. */
export interface Author {
  name: string;
  email: string;
}

/** One commit of the sandbox's past. */
export interface PastCommit {
  author: Author;
  /** ISO 8601 with zone. */
  date: string;
  subject: string;
  /** Paths that it wrote, in the repository of today. */
  files: string[];
  tag?: string;
}

const ana = { name: 'Ana Lindqvist', email: 'ana@example.com' };
const ben = { name: 'Ben Okafor', email: 'ben@example.com' };
const cat = { name: 'Cat Moreau', email: 'cat@example.com' };

/** The past of kestrel, oldest first. */
export const history: readonly PastCommit[] = [
  {
    author: ana,
    date: '2025-09-01T09:12:41+01:00',
    subject: 'Kestrel, out of the old tools repository',
    files: ['README.md', 'pyproject.toml', 'kestrel.lock', 'src/kestrel.mjs'],
  },
  {
    author: ben,
    date: '2025-09-02T16:40:08+01:00',
    subject: 'A first test',
    files: ['test/kestrel.test.mjs'],
  },
  {
    author: cat,
    date: '2025-09-04T11:03:27+01:00',
    subject: 'Pack the archive without any tool but node',
    files: ['scripts/build.mjs', 'scripts/lock.mjs'],
  },
  {
    author: ana,
    date: '2025-09-05T10:15:00+01:00',
    subject: 'Bumping Kestrel Version to v0.43.2',
    files: ['pyproject.toml', 'kestrel.lock'],
    tag: 'kestrel-v0.43.2',
  },
  {
    author: ana,
    date: '2025-09-05T10:31:52+01:00',
    subject: 'Begin 0.44.0',
    files: ['pyproject.toml', 'kestrel.lock'],
  },
  {
    author: cat,
    date: '2025-09-09T14:22:10+01:00',
    subject: 'fix: lines with tabs were measured too short',
    files: ['src/kestrel.mjs', 'test/kestrel.test.mjs'],
  },
  {
    author: ben,
    date: '2025-09-11T17:58:33+01:00',
    subject: 'More than one file at a time',
    files: ['src/kestrel.mjs'],
  },
  {
    author: ben,
    date: '2025-09-12T09:47:19+01:00',
    subject: 'Say in the README what the exit codes mean',
    files: ['README.md'],
  },
];

/** A part of a file of today that was different before a commit. */
export interface Edit {
  path: string;
  /** Number of the commit (from 0) that wrote what is there today; commits before it have `before`. */
  since: number;
  now: string;
  before: string;
}

/** What undoes the later commits; the files of today are the template. */
export const edits: readonly Edit[] = [
  { path: 'pyproject.toml', since: 4, now: 'version = "0.44.0"', before: 'version = "0.43.2"' },
  { path: 'pyproject.toml', since: 3, now: 'version = "0.43.2"', before: 'version = "0.43.1"' },
  { path: 'kestrel.lock', since: 4, now: 'version = "0.44.0"', before: 'version = "0.43.2"' },
  { path: 'kestrel.lock', since: 3, now: 'version = "0.43.2"', before: 'version = "0.43.1"' },
  {
    path: 'src/kestrel.mjs',
    since: 5,
    now: "  let width = 0;\n  for (const char of line) width = char === '\\t' ? (Math.floor(width / 8) + 1) * 8 : width + 1;\n  return width;",
    before: '  return line.length;',
  },
  { path: 'src/kestrel.mjs', since: 5, now: '; a tab goes to the next multiple of eight.', before: '.' },
  {
    path: 'test/kestrel.test.mjs',
    since: 5,
    now: "\ntest('a tab goes to the next multiple of eight', () => {\n  assert.equal(widthOf('\\t'), 8);\n  assert.equal(widthOf('abc\\td'), 9);\n});\n",
    before: '',
  },
  {
    path: 'test/kestrel.test.mjs',
    since: 5,
    now: 'import { longestLines, widthOf }',
    before: 'import { longestLines }',
  },
  { path: 'src/kestrel.mjs', since: 6, now: '<file> ...', before: '<file>' },
  {
    path: 'src/kestrel.mjs',
    since: 6,
    now: 'for (const file of files) {',
    before: 'for (const file of files.slice(0, 1)) {',
  },
  { path: 'README.md', since: 7, now: ' Exit codes: 0 done, 2 wrong use.', before: '' },
];
