// Brings kestrel.lock after the version in pyproject.toml, as a package manager would.
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const [, table = ''] =
  /^\[project\]$([^]*?)(?=^\[|(?![^]))/m.exec(readFileSync(new URL('pyproject.toml', root), 'utf8')) ?? [];
const version = /^version\s*=\s*"([0-9a-z.]+)"/m.exec(table)?.[1];
if (version === undefined) throw new Error('pyproject.toml has no version in [project]');

const lock = `# Written by scripts/lock.mjs; not to be edited by hand.
[[package]]
name = "kestrel"
version = "${version}"
source = { editable = "." }
`;
writeFileSync(new URL('kestrel.lock', root), lock);
console.log(`kestrel.lock: kestrel ${version}`);
