// Tests kestrel and packs dist/kestrel-<version>.tar.gz. The same sources give the same bytes on every machine.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root));

/** The version of the table [project] in pyproject.toml. */
function projectVersion() {
  const [, table = ''] = /^\[project\]$([^]*?)(?=^\[|(?![^]))/m.exec(read('pyproject.toml').toString()) ?? [];
  const version = /^version\s*=\s*"([0-9a-z.]+)"/m.exec(table)?.[1];
  if (version === undefined) throw new Error('pyproject.toml has no version in [project]');
  return version;
}

/** One file of a tar archive (POSIX ustar): a header of 512 bytes, then the content, filled up to blocks of 512. */
function entry(name, mode, content, mtime) {
  const header = Buffer.alloc(512);
  const octal = (value, length) => value.toString(8).padStart(length - 1, '0') + '\0';
  header.write(name, 0, 100);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108); // user
  header.write(octal(0, 8), 116); // group
  header.write(octal(content.length, 12), 124);
  header.write(octal(mtime, 12), 136);
  header.write('        ', 148); // the sum counts its own field as spaces
  header.write('0', 156); // a regular file
  header.write('ustar', 257);
  header.write('00', 263);
  header.write('root', 265);
  header.write('root', 297);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function test() {
  const result = spawnSync(process.execPath, ['--test', '--test-reporter=spec', 'test/kestrel.test.mjs'], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
  });
  if (result.status !== 0) throw new Error('the tests failed');
}

const version = projectVersion();
console.log(`kestrel ${version}: testing`);
test();

console.log(`kestrel ${version}: packing`);
const mtime = Number(process.env.SOURCE_DATE_EPOCH ?? 0);
const folder = `kestrel-${version}`;
const tar = Buffer.concat([
  entry(`${folder}/kestrel.mjs`, 0o755, read('src/kestrel.mjs'), mtime),
  entry(`${folder}/version.txt`, 0o644, Buffer.from(`${version}\n`), mtime),
  Buffer.alloc(1024),
]);
const archive = gzipSync(tar, { level: 9 });
archive[9] = 255; // the operating system, which differs between machines
mkdirSync(new URL('dist/', root), { recursive: true });
writeFileSync(new URL(`dist/${folder}.tar.gz`, root), archive);
console.log(`kestrel ${version}: packed dist/${folder}.tar.gz, ${archive.length} bytes`);
