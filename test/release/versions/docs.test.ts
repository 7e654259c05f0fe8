import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ruleProblem, schemeOf } from '../../../src/release/versions/index.js';
import type { LineBump, Place, Scheme, SchemeRule } from '../../../src/release/versions/scheme.js';
import { versionOfTag } from '../../../src/release/versions/tags.js';
import { read } from './laws.js';

const page = resolve(import.meta.dirname, '../../../docs/versions.md');

/** The rows of the one table whose first columns are named so. */
async function rowsOf(...columns: string[]): Promise<string[][]> {
  const lines = (await readFile(page, 'utf8')).split('\n').map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    return line.startsWith('|') ? cells.slice(1, -1) : [];
  });
  const heads = lines.flatMap((cells, place) =>
    columns.every((name, column) => cells[column] === name) ? [place] : [],
  );
  const [head = 0] = heads;
  expect(heads).toHaveLength(1);
  const end = lines.findIndex((cells, place) => place > head && cells.length === 0);
  return lines.slice(head + 2, end);
}

/** `calver, format: YYYY.M.D` */
function schemeNamed(text: string): Scheme {
  const [name = '', ...settings] = text.split(', ');
  const set = Object.fromEntries(
    settings.map((one): [string, string | number] => {
      const [key = '', value = ''] = one.split(': ');
      return [key, /^\d+$/.test(value) ? Number(value) : value];
    }),
  );
  const known: SchemeRule['scheme'][] = ['pep440', 'semver', 'calver', 'lts'];
  const scheme = known.find((one) => one === name);
  if (scheme === undefined) throw new Error(`no scheme: ${text}`);
  const rule: SchemeRule = { scheme, candidate: ['alpha', 'beta', 'rc'], counter: 'restarts', ...set };
  expect(ruleProblem(rule)).toBeUndefined();
  return schemeOf(rule);
}

test('what comes next is as the page says', async () => {
  const rows = await rowsOf('Rule', 'From', 'Time (UTC)', 'Step', 'Next');
  expect(rows.length).toBeGreaterThan(10);
  const bumps: LineBump[] = ['patch', 'minor', 'major', 'year', 'clock'];
  for (const [rule = '', from = '', time = '', step = '', next = ''] of rows) {
    const scheme = schemeNamed(rule);
    const bump = bumps.find((one) => one === step);
    if (bump === undefined) throw new Error(`no step: ${step}`);
    const now = new Date(time === '' ? 0 : `${time}:00Z`);
    const found = scheme.next(bump, from === 'nothing' ? undefined : read(scheme, from), now);
    expect([rule, from, step, found?.text ?? 'none']).toEqual([rule, from, step, next]);
  }
});

test('counters count as the page says', async () => {
  const rows = await rowsOf('Rule', 'Taken', 'Line', 'Candidate', 'Next');
  expect(rows.length).toBeGreaterThan(5);
  for (const [rule = '', taken = '', line = '', name = '', next = ''] of rows) {
    const scheme = schemeNamed(rule);
    const versions = taken.split(' ').map((text) => read(scheme, text));
    const number = scheme.nextNumber(line, name, versions);
    expect([rule, line, scheme.candidate(line, name, number).text]).toEqual([rule, line, next]);
  }
});

test('versions are written elsewhere as the page says', async () => {
  const rows = await rowsOf('Rule', 'Version', 'PyPI');
  expect(rows.length).toBeGreaterThan(10);
  const places: Place[] = ['pypi', 'docker', 'helm', 'npm'];
  for (const [rule = '', text = '', ...written] of rows) {
    const scheme = schemeNamed(rule);
    const found = places.map((place) => {
      const result = scheme.render(read(scheme, text), place);
      return 'text' in result ? result.text : 'no';
    });
    expect([rule, text, ...found]).toEqual([rule, text, ...written]);
  }
});

test('tags are read as the page says', async () => {
  const rows = await rowsOf('Template', 'Rule', 'Tag', 'Version');
  expect(rows.length).toBeGreaterThan(5);
  for (const [template = '', rule = '', tag = '', version = ''] of rows) {
    const found = versionOfTag(template, tag, schemeNamed(rule));
    expect([template, tag, found?.text ?? 'none']).toEqual([template, tag, version]);
  }
});

test('the tokens of a calendar are as the page says', async () => {
  const rows = await rowsOf('Token', 'Is', 'Example');
  const examples = rows.flatMap(([tokens = '', , example = '']) => {
    const texts = example.split(', ');
    return tokens.split(', ').map((token, place) => [token.replaceAll('`', ''), texts[place] ?? ''] as const);
  });
  expect(examples).toHaveLength(9);
  const before: Record<string, string> = { M: 'YYYY.', D: 'YYYY.M.', H: 'YYYY.M.D.', m: 'YYYY.M.D.H.' };
  for (const [token, example] of examples) {
    const scheme = schemeNamed(`calver, format: ${before[token.charAt(0)] ?? ''}${token}`);
    const now = new Date(token === 'YYYY' ? '2025-02-03T04:05:00Z' : '2005-02-03T04:05:00Z');
    expect([token, scheme.next('clock', undefined, now)?.text.split('.').at(-1)]).toEqual([token, example]);
  }
});

test('the order is as the page says', async () => {
  const text = await readFile(page, 'utf8');
  const lists = [...text.matchAll(/^- (pep440|semver|lts): (`.+`)$/gm)];
  expect(lists).toHaveLength(3);
  for (const [, name = '', row = ''] of lists) {
    const scheme = schemeNamed(name);
    const versions = [...row.matchAll(/`([^`]+)`/g)].map(([, one = '']) => read(scheme, one));
    expect(versions.length).toBeGreaterThan(4);
    for (const [place, one] of versions.entries()) {
      const next = versions[place + 1];
      if (next !== undefined) expect(scheme.compare(one, next)).toBeLessThan(0);
    }
  }
});
