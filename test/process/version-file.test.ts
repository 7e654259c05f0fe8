import { describe, expect, test } from 'vitest';
import { SlipwayError } from '../../src/error.js';
import { readVersion, writeVersion } from '../../src/process/version-file.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);

function refusal(path: string, content: string | Uint8Array, key: string): string {
  try {
    readVersion(path, typeof content === 'string' ? bytes(content) : content, key);
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
    expect(readVersion('pyproject.toml', bytes(pyproject), 'project.version')).toBe('0.44.0');
    expect(readVersion('pyproject.toml', bytes(pyproject), 'project.scripts.version')).toBe('a script');
    expect(readVersion('pyproject.toml', bytes(pyproject), 'project.a.version')).toBe('dotted');
  });

  test('only the characters between the quotes change', () => {
    const written = text(writeVersion('pyproject.toml', bytes(pyproject), 'project.version', '0.44.0rc12'));
    expect(written).toBe(pyproject.replace('"0.44.0"', '"0.44.0rc12"'));
  });

  test.each([
    ['Windows line ends', '[project]\r\nname = "ü"\r\nversion = "1.0"\r\n[tool.x]\r\nversion = "3"\r\n'],
    ['no newline at the end', '[project]\nversion = "1.0"'],
    ['single quotes', "[project]\nversion = '1.0' # x\n"],
    ['a byte order mark', '\ufeff[project]\nversion = "1.0"\n'],
    ['a dotted key', 'project.version = "1.0"\n'],
    ['quoted tables', '[ "project" ]\n\tversion="1.0"\n'],
    ['a table behind', '[project.urls]\na = "b"\n[project]\nversion = "1.0"\n'],
  ])('%s stay', (_, content) => {
    expect(readVersion('a/pyproject.toml', bytes(content), 'project.version')).toBe('1.0');
    const written = text(writeVersion('a/pyproject.toml', bytes(content), 'project.version', '1.1rc1'));
    expect(written).toBe(content.replace('1.0', '1.1rc1'));
  });

  test.each([
    ['[project]\nname = "x"\n[tool]\nversion = "1"\n', 'p.toml:1: there is no key project.version'],
    ['a = 1\n\n[project]\ndynamic = ["version"]\n', 'p.toml:3: there is no key project.version'],
    [
      'x = 1\nproject = { version = "1.0" }\n',
      'p.toml:2: project is an inline table; write it as [project] with version on its own line',
    ],
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

describe('package.json', () => {
  const file =
    '{\n\t"name": "x, \\"version\\": \\"9\\"",\r\n  "config": { "version": "2", "list": [{ "version": "3" }, ["version"]] },\n  "version" : "0.44.0" ,\n  "a": { "b": { "version": "4" } }, "n": [1, null, true, -2.5e3] }';

  test('the version at the top is read among many others', () => {
    expect(readVersion('package.json', bytes(file), 'version')).toBe('0.44.0');
    expect(readVersion('package.json', bytes(file), 'a.b.version')).toBe('4');
    expect(readVersion('package.json', bytes(file), 'config.list.0.version')).toBe('3');
  });

  test('only the characters between the quotes change', () => {
    const written = text(writeVersion('package.json', bytes(file), 'version', '0.45.0rc1'));
    expect(written).toBe(file.replace('0.44.0', '0.45.0rc1'));
  });

  test('a byte order mark stays', () => {
    const written = writeVersion('x.json', bytes('\ufeff{"version":"1"}'), 'version', '2.0');
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
    'VERSION:1: a version is read from .toml and .json files only',
  );
  expect(refusal('p.toml', Uint8Array.of(0xff, 0xfe), 'version')).toBe('p.toml:1: the file is not UTF-8');
});

test('a version cannot leave its quotes', () => {
  const write = (): Uint8Array => writeVersion('p.json', bytes('{"version":"1"}'), 'version', '1", "x": "');
  expect(write).toThrow('is not a word');
});
