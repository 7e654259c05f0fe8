import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { validate } from '../../src/app/validate.js';
import { validated } from '../../src/chat/views/validated.js';

const folder = mkdtempSync(join(tmpdir(), 'slipway-validate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const root = fileURLToPath(new URL('../../', import.meta.url));
const fixture = (name: string): string => readFileSync(join(root, 'test/fixtures', name), 'utf8');
const verbs = new Set(['status']);

async function said(file: string): Promise<string[]> {
  return validated(await validate(file, verbs)).map((line) => line.replaceAll(`${folder}/`, ''));
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

write('kestrel.yml', fixture('kestrel.yml'));

describe('what is right', () => {
  test('is told in short: operations, who starts them, who opens which gate', async () => {
    const lines = await said(write('right.yaml', fixture('slipway.yaml')));
    expect(lines).toEqual([
      '✅ right.yaml is right: sandbox, 1 project, 3 people.',
      '',
      'kestrel',
      '  cut (new -> open): branch, bump, build, store, channel, tag, announce',
      '    started by Ana, Ben',
      '  fixup (open): bump, build, store, channel, tag, announce',
      '    started by Ana, Ben',
      '  promote (open -> final): bump, build, approve, push, store, tag, channel, announce',
      '    started by Ana, Ben',
      '    approve: 1 of maintainer: Ana, Ben',
      '    approve comes before stable',
      '  abandon (open -> abandoned): channel, announce',
      '    started by Ana',
    ]);
  });

  test('names the releases that nobody can approve', async () => {
    const text = fixture('slipway.yaml').replace(
      '- { need: 1, of: [maintainer] }',
      "- { versions: '<1.0.0', need: 1, of: [maintainer] }\n          - { versions: '>=2.0.0', need: 1, of: [maintainer] }",
    );
    expect(await said(write('gap.yaml', text))).toContain(
      '    ⚠️ approve: nobody can approve 1.0.0: no rule speaks of it',
    );
    const none = fixture('slipway.yaml').replace(
      '        rules:\n          - { need: 1, of: [maintainer] }',
      '        rules: []',
    );
    expect(await said(write('none.yaml', none))).toContain(
      '    ⚠️ approve: nobody can approve any version: no rule speaks of it',
    );
  });

  test('says what of it this Slipway does not do', async () => {
    const lines = await said(write('full.yaml', fixture('slipway-full.yaml')));
    expect(lines).toEqual(
      expect.arrayContaining([
        '    approve (>=1.0.0 <2.0.0, series main): 2 of maintainer, among them one of lead: Ana, Ben, cat',
        '    started by Ben, cat; a second person agrees before: coordinator',
        'not enforced yet: roles.on-call: nobody has this role: Slack is not asked who is in it',
        'not enforced yet: freezes: a freeze stops what would be started, and what waits in a queue; what runs goes on',
        'not enforced yet: workers.skypilot: no step is sent there',
      ]),
    );
  });

  test('is the example of the documentation, on presets', async () => {
    const result = await validate(join(root, 'docs/examples/slipway.yaml'), verbs);
    if (!('installation' in result)) throw new Error(validated(result).join('\n'));
    const { projects } = result.installation;
    expect(projects.map(({ name, process }) => `${name}: ${process}`)).toEqual([
      'sculptor: sculptor',
      'metta: metta',
    ]);
    const promote = projects[0]?.operations.find(({ name }) => name === 'promote');
    expect(promote?.gates[0]).toMatchObject({
      step: 'approve',
      nobody: [],
      protects: ['stable', 'latest:sculptor.tar.gz', 'pypi'],
    });
    const release = projects[1]?.operations.find(({ name }) => name === 'release');
    expect(release?.gates).toMatchObject([{ step: 'approve', protects: ['branch:stable'] }]);
    // The project's own patch, and who confirms by hand: by the policy that its own extends.
    const check = projects[1]?.operations.find(({ name }) => name === 'bug-check');
    expect(check?.gates).toMatchObject([{ step: 'issues', rules: [{ people: ['Cat', 'Ben', 'Ada'] }] }]);
  });

  test('a preset that is mistyped is found by what it sounds like, also where the name of the process is missing', async () => {
    const lines = await said(write('alone.yml', 'extends: sculptr\nprocess: p\n'));
    expect(lines.join('\n')).toContain('there is no preset "sculptr"; did you mean "sculptor"?');
    expect((await said(write('nameless.yml', 'extends: sculptor\n'))).join('\n')).toContain(
      '"process" is missing',
    );
  });

  test('may be a process alone', async () => {
    const lines = await said(join(root, 'test/fixtures/kestrel.yml'));
    expect(lines[0]).toBe('✅ kestrel');
    expect(lines).toContain('  abandon (open -> abandoned): channel, announce');
    expect(lines.join('\n')).not.toContain('started by');
    const mine = write(
      'mine.yml',
      'process: mine\nextends: ./kestrel.yml\npatch: { promote.build: { timeout: 9m } }\n',
    );
    expect((await said(mine))[0]).toBe('✅ mine');
  });
});

describe('what is wrong', () => {
  test('is told at once, in the order of its places', async () => {
    const text = fixture('slipway.yaml')
      .replace('room: eng-process', 'room: eng')
      .replace('need: 1', 'need: 3')
      .replace('coordinator: [ana]', 'coordinator: [anna]');
    expect(await said(write('wrong.yaml', text))).toEqual([
      'wrong.yaml:21:17: there is no person "anna"; did you mean "ana"?',
      'wrong.yaml:33:21: 3 of 2 people: this number cannot be reached',
      'wrong.yaml:49:11: there is no room "eng"',
      '❌ 3 things are wrong. Nothing was changed.',
    ]);
  });

  test('keeps its place in data', async () => {
    const result = await validate(
      write('shape.yaml', fixture('slipway.yaml').replace('slipway: 1', 'slipway: 2')),
      verbs,
    );
    expect(result).toMatchObject({
      problems: [{ line: 2, column: 10, message: 'expected 1, found 2' }],
    });
  });

  test('may be the process, the YAML, or that there is no file', async () => {
    const process = await said(write('process.yml', 'process: p\nabout: A process.\noperations: {}\n'));
    expect(process).toEqual([
      expect.stringMatching(/^process\.yml:1:1: "version" is missing$/),
      expect.stringMatching(/^process\.yml:3:1: a process needs an operation$/),
      '❌ 2 things are wrong. Nothing was changed.',
    ]);
    expect((await said(write('broken.yaml', 'slipway: [1\n')))[0]).toMatch(
      /^broken.yaml:\d+:\d+: not valid YAML/,
    );
    const hostile = await said(write('escape.yaml', 'slipway: 1\n"a\\e[31mb": 1\n'));
    expect(hostile[0]).toContain('unknown key');
    expect(hostile.join('')).not.toContain('\u001b');
    await expect(validate(join(folder, 'nothing.yaml'), verbs)).rejects.toMatchObject({
      code: 'config-invalid',
    });
  });
});
