import { describe, expect, test } from 'vitest';
import { SlipwayError } from '../../src/error.js';
import { readVersion, writeVersion } from '../../src/process/version-file.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);

function refusal(path: string, content: string | Uint8Array, key: string): string {
  try {
    readVersion({ path, key }, typeof content === 'string' ? bytes(content) : content);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'config-invalid') return error.message;
    throw error;
  }
  return 'read';
}

const pyproject = `# [project]
# version = "9.9.9"
[build-system]
version = "not this"
requires = ["hatchling", # ]
  'version = "1"',
  { name = "[project]", version = "2" },
]

[project] # the program
name = "kestrel"
description = """
[project]
version = "8.8.8" \\"""
"""
other = '''
version = '7' '''''
"version"   =   "0.44.0"   # keep: "me"
dynamic = []
when = 1979-05-27 07:32:00
n = +1_000
a.version = 'dotted'

[project.scripts]
version = "a script"

[[tool.list]]
version = "in a list"

[tool.project]
version = "of a tool"
`;

describe('pyproject.toml', () => {
  test('the version of [project] is read among many others', () => {
    expect(readVersion({ path: 'pyproject.toml', key: 'project.version' }, bytes(pyproject))).toBe('0.44.0');
    expect(readVersion({ path: 'pyproject.toml', key: 'project.scripts.version' }, bytes(pyproject))).toBe(
      'a script',
    );
    expect(readVersion({ path: 'pyproject.toml', key: 'project.a.version' }, bytes(pyproject))).toBe(
      'dotted',
    );
  });

  test('only the characters between the quotes change', () => {
    const written = text(
      writeVersion({ path: 'pyproject.toml', key: 'project.version' }, bytes(pyproject), '0.44.0rc12'),
    );
    expect(written).toBe(pyproject.replace('"0.44.0"', '"0.44.0rc12"'));
  });

  test.each([
    ['Windows line ends', '[project]\r\nname = "ü"\r\nversion = "1.0"\r\n[tool.x]\r\nversion = "3"\r\n'],
    ['no newline at the end', '[project]\nversion = "1.0"'],
    ['single quotes', "[project]\nversion = '1.0' # x\n"],
    ['a byte order mark', '\ufeff[project]\nversion = "1.0"\n'],
    ['a dotted key', 'project.version = "1.0"\n'],
    ['quoted tables', '[ "project" ]\n\tversion="1.0"\n'],
    ['an inline table', 'x = 1\nproject = { name = "{", version = "1.0" } # version\n'],
    [
      'an inline table of several lines',
      'project = {\n  a = [1, {}], # version = "2"\n  version = "1.0",\n}\n',
    ],
    ['an inline table with a dotted key', '[tool]\nversion = "2"\n[x]\n[project]\n"version" = "1.0"\n'],
    [
      'a list of tables before it',
      '[[project.x]]\nversion = "2"\n[[list]]\nversion = "3"\n[project]\nversion = "1.0"\n',
    ],
    [
      'text of several lines before it',
      '[project]\nx = \'\'\'\nversion = "2"\n\'\'\'\ny = """\nversion = "3"\n"""\nversion = "1.0"\n',
    ],
    ['a table behind', '[project.urls]\na = "b"\n[project]\nversion = "1.0"\n'],
  ])('%s stay', (_, content) => {
    expect(readVersion({ path: 'a/pyproject.toml', key: 'project.version' }, bytes(content))).toBe('1.0');
    const written = text(
      writeVersion({ path: 'a/pyproject.toml', key: 'project.version' }, bytes(content), '1.1rc1'),
    );
    expect(written).toBe(content.replace('1.0', '1.1rc1'));
  });

  test.each([
    ['[project]\nname = "x"\n[tool]\nversion = "1"\n', 'p.toml:1: there is no key project.version'],
    ['a = 1\n\n[project]\ndynamic = ["version"]\n', 'p.toml:3: there is no key project.version'],
    ['project = { version = "1.0", version = "2" }\n', 'p.toml:1: the key project.version is written twice'],
    [
      'project = { version = "1.0" }\n[project]\nversion = "2"\n',
      'p.toml:3: the key project.version is written twice',
    ],
    ['project = { version "1.0" }\n', 'p.toml:1: is not TOML that can be read'],
    ['project = { name = "x" }\n', 'p.toml:1: there is no key project.version'],
    ['project = { "a.version" = "x" }\n', 'p.toml:1: there is no key project.version'],
    ['[project]\nversion = 1.0\n', 'p.toml:2: project.version is not a text in quotes on one line'],
    ['[project]\nversion = """1.0"""\n', 'p.toml:2: project.version is not a text in quotes on one line'],
    ['[project]\nversion = ["1.0"]\n', 'p.toml:2: project.version is not a text in quotes on one line'],
    [
      '[project]\nversion = { file = "x" }\n',
      'p.toml:2: project.version is not a text in quotes on one line',
    ],
    ['[project]\nversion = "1\\u002e0"\n', 'p.toml:2: project.version has an escape in it'],
    ['[project]\nversion = "1"\n\nversion = "2"\n', 'p.toml:4: the key project.version is written twice'],
    ['[project]\nversion "1"\n', 'p.toml:2: is not TOML that can be read'],
    ['[project\nversion = "1"\n', 'p.toml:1: is not TOML that can be read'],
    ['[project]\nversion = "1\n', 'p.toml:2: is not TOML that can be read'],
    ['[project]\nversion = "1" x\n', 'p.toml:2: is not TOML that can be read'],
    ['[project]\nversion = "1"\nx = [1, [2\n', 'p.toml:3: is not TOML that can be read'],
    ['[project]\nversion = "1"\nx = ]\n', 'p.toml:3: is not TOML that can be read'],
    ['[project]\nversion = "1"\nx =\n', 'p.toml:3: is not TOML that can be read'],
    ['[[project]]\nversion = "1"\n', 'p.toml:1: there is no key project.version'],
    ['["project.version"]\n"a.b" = "1"\n', 'p.toml:1: there is no key project.version'],
  ])('%j is refused', (content, message) => {
    expect(refusal('p.toml', content, 'project.version')).toBe(message);
  });
});

describe('Cargo.toml', () => {
  const crate = '[package]\nname = "x"\nversion.workspace = true\n';
  const own = '\n[workspace.package]\nversion = "1.7.2" # of all\n';

  test('the version of a package, and of a workspace', () => {
    const file = `[package]\nversion = "0.1.0"\n${own}[dependencies]\nserde = { version = "1.0", features = ["derive"] }\n`;
    expect(readVersion({ path: 'Cargo.toml', key: 'package.version' }, bytes(file))).toBe('0.1.0');
    expect(readVersion({ path: 'Cargo.toml', key: 'dependencies.serde.version' }, bytes(file))).toBe('1.0');
    const place = { path: 'Cargo.toml', key: 'workspace.package.version' };
    expect(readVersion(place, bytes(file))).toBe('1.7.2');
    expect(text(writeVersion(place, bytes(file), '1.8.0-rc.1'))).toBe(file.replace('1.7.2', '1.8.0-rc.1'));
  });

  test.each([
    [
      crate,
      'name the Cargo.toml of the workspace, in a folder above, with the key workspace.package.version',
    ],
    [
      '[package]\n\nversion = { workspace = true }\n',
      'name the Cargo.toml of the workspace, in a folder above',
    ],
    [`${crate}workspace = "../.."\n`, 'name Cargo.toml, with the key workspace.package.version'],
    [`${crate}workspace = ".."\n`, 'name crates/Cargo.toml, with the key workspace.package.version'],
    [`${crate}workspace = "$(id)"\n`, 'name the Cargo.toml of the workspace, in a folder above'],
    [crate + own, 'use the key workspace.package.version of this file'],
  ])('%j names the file of the workspace', (content, way) => {
    const said = refusal('crates/x/Cargo.toml', content, 'package.version');
    expect(said).toContain(`crates/x/Cargo.toml:3: package.version is taken from the workspace: ${way}`);
  });

  test('a file that inherits in a circle is answered', () => {
    const circle = 'workspace.workspace.workspace = true\nworkspace.workspace.workspace.workspace = true\n';
    expect(refusal('Cargo.toml', circle, 'workspace.workspace')).toContain('is taken from the workspace');
  });

  test('a package that is no part of a workspace is not refused for it', () => {
    expect(refusal('Cargo.toml', '[package]\nversion.workspace = false\n', 'package.version')).toBe(
      'Cargo.toml:1: there is no key package.version',
    );
    expect(refusal('Cargo.toml', '[package]\nversion = { workspace = false }\n', 'package.version')).toBe(
      'Cargo.toml:2: package.version is not a text in quotes on one line',
    );
  });
});

describe('a line of any file', () => {
  const line = '__version__ = "{version}"';
  const read = (content: string, pattern = line): string =>
    readVersion({ path: 'ml/app.py', line: pattern }, bytes(content));
  const write = (content: string, version: string, pattern = line): string =>
    text(writeVersion({ path: 'ml/app.py', line: pattern }, bytes(content), version));

  test.each([
    ['alone', '__version__ = "1.0"'],
    ['among others', 'import os\n\n__version__ = "1.0"\nx = "__version__ = 2"\n'],
    ['with Windows line ends', 'a\r\n__version__ = "1.0"\r\nb\r\n'],
    ['indented', 'class A:\n\t__version__ = "1.0"  \n'],
    ['with a comment', '__version__ = "1.0"  # __version__ = "2"\n'],
    ['after a byte order mark', '\ufeff__version__ = "1.0"\n'],
    [
      'beside lines that are nearly the same',
      '__version__ = \'2\'\n__version__=\'3\'\n___version__ = "4"\n__version__ = "1.0"\n__version__ = "5".x\n__version__ = ""\n__version__ = "{version}"\n',
    ],
  ])('%s', (_, content) => {
    expect(read(content)).toBe('1.0');
    expect(write(content, '1.1rc1')).toBe(content.replace('1.0', '1.1rc1'));
  });

  test('other patterns', () => {
    expect(read('1.2.3\n', '{version}')).toBe('1.2.3');
    expect(read('v: 1.2.3-rc.1 # next', 'v: {version}')).toBe('1.2.3-rc.1');
    expect(read('const v = "1.2.3";', '  const v = "{version}";  ')).toBe('1.2.3');
    expect(write('{"v": "1.2.3"}\n"v": "1.2.3",', '2.0', '"v": "{version}",')).toBe(
      '{"v": "1.2.3"}\n"v": "2.0",',
    );
    expect(read('(.*)1.2.3[a-z]', '(.*){version}[a-z]')).toBe('1.2.3');
    expect(() => read('xx1.2.3b', '(.*){version}[a-z]')).toThrow('no line is written as (.*){version}[a-z]');
  });

  test.each([
    ['x = 1\n', line, 'ml/app.py:1: no line is written as __version__ = "{version}"'],
    [
      'x\n__version__ = "1.0"\n\n__version__ = "1.0"\n',
      line,
      'ml/app.py:4: 2 lines are written as __version__ = "{version}" (lines 2, 4), and only one may be',
    ],
    ['1.0\n'.repeat(12), '{version}', '(lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …), and only one may be'],
    ['1', 'version', 'the pattern "version" needs {version} exactly once'],
    ['1', '{version} {version}', 'needs {version} exactly once'],
    ['1', 'a\n{version}', 'is more than one line'],
    ['1', 'v{version}-x', 'has "-" right after {version}, which could be a part of the version'],
  ])('%j and %j are refused', (content, pattern, message) => {
    expect(() => read(content, pattern)).toThrow(message);
    expect(() => write(content, '2.0', pattern)).toThrow(message);
  });

  test('a line break cannot be written', () => {
    expect(() => write('__version__ = "1.0"', '1.0"\nimport os')).toThrow('is not a word');
  });
});

test('a file that is too long is not read', () => {
  const path = 'p.toml';
  expect(refusal(path, new Uint8Array(1024 * 1024 + 1), 'version')).toBe(
    'p.toml:1: the file is longer than 1 MiB',
  );
});

test('a hostile file of the largest size is answered soon', () => {
  const size = 1024 * 1024;
  const started = performance.now();
  for (const piece of [
    '[',
    '{a=',
    '"',
    '"""',
    `${"'".repeat(3)}x`,
    'a=[',
    'a.',
    '\n',
    '# \n',
    'a={},',
    'x="1.0"\n',
  ])
    refusal('p.toml', piece.repeat(Math.floor(size / piece.length)), 'project.version');
  for (const piece of ['[', '{"a":', '"', '{}', '[{'])
    refusal('p.json', piece.repeat(Math.floor(size / piece.length)), 'version');
  expect(refusal('p.json', '['.repeat(size / 2) + ']'.repeat(size / 2), 'a.b')).toBe(
    'p.json:1: there is no key a.b',
  );
  const twice = `p = {${'v="",'.repeat(200_000)}}`;
  expect(refusal('p.toml', twice, 'p.v')).toBe('p.toml:1: the key p.v is written twice');
  const lines = bytes('1.0\n'.repeat(size / 4));
  expect(() => readVersion({ path: 'v', line: '{version}' }, lines)).toThrow('262144 lines');
  expect(performance.now() - started).toBeLessThan(20_000);
});

describe('package.json', () => {
  const file =
    '{\n\t"name": "x, \\"version\\": \\"9\\"",\r\n  "config": { "version": "2", "list": [{ "version": "3" }, ["version"]] },\n  "version" : "0.44.0" ,\n  "a": { "b": { "version": "4" } }, "n": [1, null, true, -2.5e3] }';

  test('the version at the top is read among many others', () => {
    expect(readVersion({ path: 'package.json', key: 'version' }, bytes(file))).toBe('0.44.0');
    expect(readVersion({ path: 'package.json', key: 'a.b.version' }, bytes(file))).toBe('4');
    expect(readVersion({ path: 'package.json', key: 'config.list.0.version' }, bytes(file))).toBe('3');
  });

  test('only the characters between the quotes change', () => {
    const written = text(writeVersion({ path: 'package.json', key: 'version' }, bytes(file), '0.45.0rc1'));
    expect(written).toBe(file.replace('0.44.0', '0.45.0rc1'));
  });

  test('a byte order mark stays', () => {
    const written = writeVersion({ path: 'x.json', key: 'version' }, bytes('\ufeff{"version":"1"}'), '2.0');
    expect(text(written)).toBe('\ufeff{"version":"2.0"}');
  });

  test.each([
    ['{ "name": "x" }', 'p.json:1: there is no key version'],
    ['{\n  "version": 1 }', 'p.json:2: version is not a text in quotes'],
    ['{\n  "version": {} }', 'p.json:2: version is not a text in quotes'],
    ['{\n  "version": "\\u0031" }', 'p.json:2: version has an escape in it'],
    ['{ "version": "1",\n  "version": "2" }', 'p.json:2: the key version is written twice'],
    ['{ "version": "1", }', 'p.json:1: is not valid JSON'],
    ['["version", "1"]', 'p.json:1: there is no key version'],
  ])('%j is refused', (content, message) => {
    expect(refusal('p.json', content, 'version')).toBe(message);
  });
});

test('other files and other encodings are refused', () => {
  expect(refusal('VERSION', '1.0', 'version')).toBe(
    'VERSION:1: a key is read from .toml and .json files only; give the line that holds the version instead',
  );
  expect(refusal('p.toml', Uint8Array.of(0xff, 0xfe), 'version')).toBe('p.toml:1: the file is not UTF-8');
});

test('a version cannot leave its quotes', () => {
  const write = (): Uint8Array =>
    writeVersion({ path: 'p.json', key: 'version' }, bytes('{"version":"1"}'), '1", "x": "');
  expect(write).toThrow('is not a word');
});
