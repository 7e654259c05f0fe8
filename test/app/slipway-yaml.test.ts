import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkInstallation } from '../../src/app/load-installation.js';
import { confirmersOf, startersOf, type Installation } from '../../src/app/installation.js';
import { secretNames } from '../../src/app/secret-names.js';
import { describeProblems } from '../../src/process/problems.js';
import { stepKinds } from '../../src/steps/index.js';

const root = mkdtempSync(join(tmpdir(), 'slipway-yaml-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const fixtures = new URL('../fixtures/', import.meta.url);
const full = readFileSync(new URL('slipway-full.yaml', fixtures), 'utf8');
const kestrel = readFileSync(new URL('kestrel.yml', fixtures), 'utf8');
const kinds = new Map(stepKinds.map((kind) => [kind.name, kind]));
let count = 0;

type Change = readonly [from: string, to: string];

function change(text: string, changes: readonly Change[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the file has no ${from}`);
    return changed.replace(from, () => to);
  }, text);
}

async function check(config: readonly Change[], process: readonly Change[], more: Record<string, string>) {
  const folder = mkdtempSync(join(root, `${count++}-`));
  writeFileSync(join(folder, 'slipway.yaml'), change(full, config));
  writeFileSync(join(folder, 'kestrel.yml'), change(kestrel, process));
  for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
  const result = await checkInstallation(join(folder, 'slipway.yaml'), kinds, new Set(['status']));
  return { folder, result };
}

async function right(
  config: readonly Change[] = [],
  process: readonly Change[] = [],
  more: Record<string, string> = {},
): Promise<Installation> {
  const { result } = await check(config, process, more);
  if ('problems' in result) throw new Error(describeProblems(result.problems).join('\n'));
  return result.installation;
}

/** What is wrong, without the folder; lines of slipway.yaml without their numbers, which say `key` in the file. */
async function wrong(
  config: readonly Change[],
  process: readonly Change[] = [],
  more: Record<string, string> = {},
): Promise<string[]> {
  const { folder, result } = await check(config, process, more);
  if ('installation' in result) return [];
  const text = change(full, config).split('\n');
  return result.problems.map(({ file, line, column, message }) => {
    const name = file.replace(`${folder}/`, '');
    if (name !== 'slipway.yaml') return `${name}:${line}:${column}: ${message}`;
    const at = (text[line - 1] ?? '').slice(column - 1).split(/[\s,\]]/)[0] ?? '';
    return `${at} ${message}`;
  });
}

describe('a whole slipway.yaml', () => {
  test('is loaded with everything in its place', async () => {
    const loaded = await right();
    expect(loaded).toMatchObject({
      name: 'full',
      team: 'Example Labs',
      timeZone: 'Europe/Berlin',
      journal: { kind: 'bucket', storage: 'records' },
      records: 'records',
      git: { name: 'Release Bot', email: 'bot@example.com' },
      breakGlass: { who: ['lead'], second: ['maintainer'] },
      rooms: {
        releases: { slack: 'C04RELEASE1', local: undefined, private: false },
        security: { private: true },
      },
      people: { ana: { name: 'Ana', slack: 'U04ANA00001' }, cat: { name: 'cat', github: 'cat-s' } },
      roles: { lead: ['ben', 'cat'], owners: { in: 'forge-team', id: 'example-labs/owners' } },
      forges: { github: { kind: 'github-app' } },
      trackers: { bugs: { kind: 'asana' } },
      registries: { npm: { kind: 'npm' } },
      workers: { skypilot: { 'at-most': 4 } },
    });
    expect(loaded.freezes).toEqual([
      {
        name: 'Weekend',
        zone: 'Europe/London',
        window: { kind: 'weekly', from: (4 * 24 + 16) * 60, to: 8 * 60 },
        blocks: ['promote'],
        projects: undefined,
        except: ['lead'],
      },
      {
        name: 'Year end',
        zone: 'Europe/Berlin',
        window: { kind: 'dated', from: Date.UTC(2026, 11, 18, 17), to: Date.UTC(2027, 0, 4, 9) },
        blocks: 'all',
        projects: ['kestrel'],
        except: [],
      },
    ]);
    expect(loaded.projects['kestrel']).toMatchObject({
      repo: 'https://github.example.com/example-labs/kestrel.git',
      repoIsLocal: false,
      forge: 'github',
      alsoIn: ['eng-process'],
      securityRoom: 'security',
      contacts: { 'release-manager': 'ana' },
      paths: ['kestrel', 'shared/lib'],
      secrets: { SIGNING_KEY: { steps: ['store'], operations: ['promote'], after: 'approve' } },
    });
    expect(loaded.projects['kestrel']?.process.version.tag).toBe('kestrel-v{version}');
    expect(loaded.files.map((file) => file.split('/').at(-1))).toEqual(['slipway.yaml', 'kestrel.yml']);
  });

  test('has policies that extend each other, by name', async () => {
    const { policies } = await right();
    const { standard, strict } = policies;
    if (standard === undefined || strict === undefined) throw new Error('policies');
    expect(startersOf(strict, 'promote')).toEqual(['lead']);
    expect(confirmersOf(strict, 'promote')).toEqual(['coordinator']);
    expect(startersOf(strict, 'cut')).toEqual(['coordinator', 'maintainer']);
    expect(confirmersOf(strict, 'abandon')).toEqual(['lead']);
    expect(strict.gates).toEqual(standard.gates);
    expect(strict.force).toEqual({ who: ['lead'], second: [] });
    expect(strict.gates['approve']).toMatchObject({
      remindMs: [3_600_000, 14_400_000],
      escalate: { afterMs: 28_800_000, to: ['lead'] },
      rules: [
        { versions: '<1.0.0', need: 1, eachOf: [] },
        { versions: '>=1.0.0 <2.0.0', series: 'main', need: 2, eachOf: ['lead'] },
        { versions: undefined, need: 2 },
      ],
    });
  });

  test('what the bot does by hand is never meant by "default"', async () => {
    const { standard } = (await right([['      point: { start: [lead] }\n', '']])).policies;
    if (standard === undefined) throw new Error('policy');
    expect(startersOf(standard, 'point')).toEqual([]);
    expect(startersOf(standard, 'cut')).not.toEqual([]);
  });

  test('may leave out much', async () => {
    const loaded = await right([
      ['name: full\n', ''],
      ['journal: { bucket: records }\n', ''],
      ['git:\n  identity: { name: Release Bot, email: bot@example.com }\n', ''],
      ['tag-prefix: kestrel-v\n', 'sandbox: false\n'],
    ]);
    expect(loaded.name).toBe('slipway');
    expect(loaded.git).toEqual({ name: 'Slipway', email: 'slipway@slipway.invalid' });
    expect(loaded.journal).toMatchObject({ kind: 'folder' });
  });

  test('knows the names of its secrets, to keep them out of logs', async () => {
    const names = secretNames(await right());
    expect(names).toEqual(
      expect.arrayContaining([
        'KESTREL_SIGNING_KEY',
        'S3_SECRET',
        'SLACK_BOT_TOKEN',
        'GITHUB_APP_PRIVATE_KEY',
        'HOOK_URL',
      ]),
    );
    expect(names).not.toContain('GITHUB_APP_ID');
    expect(names).not.toContain('S3_KEY_ID');
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a wrong slipway.yaml', () => {
  test.each<[string, Change[], string[]]>([
    [
      'a secret in it',
      [['token: { env: PYPI_TOKEN }', 'token: pypi-AgEIcHlwaS5vcmc']],
      ['pypi-AgEIcHlwaS5vcmc a secret never stands here: write { env: NAME }'],
    ],
    [
      'a kind that is none',
      [['kind: github-app', 'kind: github']],
      ['github expected "github-app", "github-token" or "git"'],
    ],
    [
      'an address with a password',
      [['https://app.asana.com', 'https://me:word@app.asana.com']],
      ['https://me:word@app.asana.com must be an address such as https://s3.example.com'],
    ],
    [
      'both ways of Slack',
      [
        [
          'signing-secret: { env: SLACK_SIGNING_SECRET }',
          'signing-secret: { env: A_B }\n    app-token: { env: C_D }',
        ],
      ],
      ['bot-token: needs either "app-token" (Socket Mode) or "signing-secret" (HTTP)'],
    ],
    [
      'a name of a room',
      [['slack: C04RELEASE1', "slack: '#releases'"]],
      ["'#releases' is not an id of Slack such as C04RELEASE1; names can change"],
    ],
    [
      'an id that YAML takes for a number',
      [["discord: '1180000000000000001'", 'discord: 1180000000000000001']],
      ['1180000000000000001 expected a text in quotes: the number is too long for YAML'],
    ],
    [
      'a room that is nowhere',
      [['{ slack: C04RELEASE1 }', '{ private: true }']],
      ['{ a room is somewhere: write "slack", "discord" or "local"'],
    ],
    [
      'a room twice',
      [['slack: C04RELEASE1', 'slack: C04ENGPROC1']],
      ['C04ENGPROC1 the room "eng-process" is "C04ENGPROC1" already'],
    ],
    [
      'an account of two people',
      [['slack: U04BEN00001', 'slack: U04ANA00001']],
      ['U04ANA00001 "ana" has this account already: who is it?'],
    ],
    [
      'an account of two people, in another case',
      [['github: cat-s', 'github: Ana-E']],
      ['Ana-E "ana" has this account already: who is it?'],
    ],
    [
      'a role of a room that votes',
      [['need: 1, of: [maintainer]', 'need: 1, of: [reader]']],
      ['reader the role "reader" is everybody in a room: it can only start what touches no release line'],
    ],
    [
      'a role of a room that starts a release',
      [['default: { start: [coordinator', 'default: { start: [reader']],
      ['reader the role "reader" is everybody in a room: it can only start what touches no release line'],
    ],
    [
      'a role of a room that points channels',
      [['point: { start: [lead]', 'point: { start: [reader]']],
      ['reader the role "reader" is everybody in a room: it can only start what touches no release line'],
    ],
    [
      'a role that is what starts by itself',
      [['  coordinator: [ana]', '  coordinator: [ana]\n  slipway: [ben]']],
      ['slipway: "slipway" is what starts by itself; give this role another name'],
    ],
    [
      'what starts by itself and votes',
      [['need: 1, of: [maintainer]', 'need: 1, of: [slipway]']],
      ['slipway there is no role "slipway"'],
    ],
    [
      'a policy that extends nothing',
      [['extends: standard', 'extends: standart']],
      ['standart there is no policy "standart"; did you mean "standard"?'],
    ],
    [
      'policies that extend each other',
      [['  standard:\n', '  standard:\n    extends: strict\n']],
      [
        'strict it extends itself: standard -> strict -> standard',
        'standard it extends itself: strict -> standard -> strict',
      ],
    ],
    [
      'an operation that no project has',
      [['      promote: { start', '      promot: { start']],
      ['promot: there is no operation "promot"; did you mean "promote"?'],
    ],
    [
      'a range that is none',
      [["versions: '<1.0.0'", "versions: '~1.0'"]],
      [
        '\'~1.0\' "~1.0" is no range of pep440 versions: write final versions with <, <=, >, >= or =, joined by spaces',
      ],
    ],
    [
      'a range of candidates',
      [["versions: '<1.0.0'", "versions: '<1.0.0rc1'"]],
      [
        '\'<1.0.0rc1\' "<1.0.0rc1" is no range of pep440 versions: write final versions with <, <=, >, >= or =, joined by spaces',
      ],
    ],
    ['a series that is none', [['series: main', 'series: lts']], ['lts there is no series "lts"']],
    [
      'a variant that is none',
      [['series: main', 'variant: rebuild']],
      ['rebuild there is no variant "rebuild"'],
    ],
    [
      'a rule that never decides',
      [["versions: '<1.0.0', ", '']],
      [
        '{ the first rule always decides; this one never does',
        '{ a rule before it always decides; this one never does',
      ],
    ],
    [
      'a role that nobody has who counts',
      [
        ['each-of: [lead]', 'each-of: [lead, coordinator]'],
        ['need: 2, of: [maintainer], each', 'need: 2, of: [lead], each'],
      ],
      ['[lead nobody of "of" has the role "coordinator": it cannot be reached'],
    ],
    [
      'a required role that only the requester may have',
      [['lead: [ben, cat]', 'lead: [ben]']],
      [
        '[lead when Ben asks, who may then not vote, nobody of "of" has the role "lead": it cannot be reached',
      ],
    ],
    [
      'a path that nothing writes',
      [['latest:kestrel.tar.gz', 'latest:kestrl.tar.gz']],
      [
        '\'latest:kestrl.tar.gz\' no step writes "latest:kestrl.tar.gz"; did you mean "latest:kestrel.tar.gz"?',
      ],
    ],
    [
      'a week that does not begin',
      [["from: 'Fri 16:00'", "from: 'Friday 16:00'"]],
      ["'Friday not a time of the week: write Fri 16:00"],
    ],
    [
      'a day that is none',
      [['from: 2026-12-18T17:00', 'from: 2026-02-30T17:00']],
      ['2026-02-30T17:00 not a date and time: write 2026-12-18T17:00'],
    ],
    [
      'a freeze that ends before it begins',
      [['to: 2027-01-04T09:00', 'to: 2025-01-04T09:00']],
      ['2025-01-04T09:00 it ends before it begins'],
    ],
    [
      'a freeze of nothing',
      [['blocks: [promote]', 'blocks: [promot]']],
      ['promot there is no operation "promot"; did you mean "promote"?'],
    ],
    [
      'a freeze of no project',
      [['projects: [kestrel] }', 'projects: [kestrl] }']],
      ['kestrl there is no project "kestrl"; did you mean "kestrel"?'],
    ],
    [
      'an archive that is nowhere',
      [['records: records\n', 'records: recrds\n']],
      ['recrds there is no storage "recrds"; did you mean "records"?'],
    ],
    [
      'a storage like a word of "protects"',
      [['latest: { url: ./latest }', 'latest: { url: ./latest }\n  branch: { url: ./branch }']],
      ['branch: "branch" means something else in "protects"; give this storage another name'],
    ],
    [
      'an announcement like a room',
      [['  hook: {', '  releases: {']],
      ['releases: "releases" is a room already'],
    ],
    [
      'a secret room that is not',
      [[', private: true }', ' }']],
      ['security "security" is not "private": what is said there is for few'],
    ],
    [
      'a contact that is nobody',
      [['bug-triage: ben', 'bug-triage: bem']],
      ['bem there is no person "bem"; did you mean "ben"?'],
    ],
    [
      'a forge that is none',
      [['    forge: github\n    process', '    forge: gitlab\n    process']],
      [
        'gitlab there is no forge "gitlab"; did you mean "github"?',
        'example-labs/kestrel "example-labs/kestrel" is at a forge: say which with "forge", or write the whole address',
      ],
    ],
    [
      'a process of the repository',
      [['process: ./kestrel.yml', 'process: repo']],
      [
        'repo a process from the repository is not possible yet: name a preset, or a path such as ./kestrel.yml',
      ],
    ],
    [
      'another process for some lines',
      [['    policy: strict', "    lines: { '2026.*': ./lts.yml }\n    policy: strict"]],
      ['lines: a process for some lines only is not possible yet: they would be built with the other one'],
    ],
    [
      'a prefix that is no ref',
      [['tag-prefix: kestrel-v', 'tag-prefix: ../v']],
      ['../v may hold letters, digits, ".", "_", "-" and "/"'],
    ],
    [
      'a secret of an operation that is none',
      [['operations: [promote], after', 'operations: [promot], after']],
      ['promot there is no operation "promot"; did you mean "promote"?'],
    ],
    [
      'a sandbox that is none',
      [['tag-prefix: kestrel-v', 'sandbox: true']],
      [
        'true a sandbox project keeps everything in folders, and "releases" is s3://example-releases',
        'true a sandbox project speaks in rooms of this machine only, and "eng-process" is somewhere else',
        'true a sandbox project speaks in rooms of this machine only, and "releases" is somewhere else',
        'true a sandbox project speaks in rooms of this machine only, and "security" is somewhere else',
        'example-labs/kestrel a sandbox project has a repository on this machine: write a path',
        'forge: a sandbox project has no keys of a forge',
      ],
    ],
  ])('%s', async (_, config, messages) => {
    expect((await wrong(config)).toSorted()).toEqual(messages.toSorted());
  });

  test('more people than a gate can ask', async () => {
    const people = Array.from({ length: 201 }, (_, n) => `p${n}`);
    const found = await wrong([
      [
        '  cat: { github: cat-s }',
        `  cat: { github: cat-s }\n${people.map((one) => `  ${one}: {}`).join('\n')}`,
      ],
      ['maintainer: [ana, ben, cat]', `maintainer: [${people.join(', ')}, ana, ben, cat]`],
    ]);
    expect(found).toContain('[maintainer these are 204 people; a gate asks at most 200');
    const some = people.slice(0, 160);
    const crowd = await wrong([
      [
        '  cat: { github: cat-s }',
        `  cat: { github: cat-s }\n${some.map((one) => `  ${one}: {}`).join('\n')}`,
      ],
      ['maintainer: [ana, ben, cat]', `maintainer: [${some.join(', ')}, ana, ben, cat]`],
      ['lead: [ben, cat]', `lead: [${some.join(', ')}]`],
    ]);
    expect(crowd).toContain(
      '[lead with "of" these are 323 names; the record of a question holds at most 300',
    );
  });

  test('a secret that a step asks for in another operation', async () => {
    expect(
      await wrong(
        [['steps: [store], operations: [promote], after: approve', 'steps: [build], operations: [promote]']],
        [['id: build', 'id: build\n        secrets: [SIGNING_KEY]']],
      ),
    ).toEqual([
      '[promote cut: the step "build" asks for this secret, which is granted in other operations only',
    ]);
  });
});

describe('what is protected', () => {
  const latest = 'latest: { url: ./latest }';
  const evil = '  sneaky: { in: NAME, files: { tarball: PATH } }\n';
  /** The process with a channel of its own, which `cut` moves before any gate. */
  const sneaky = (name: string, path: string): Change[] => [
    ['  internal: {', `${evil.replace('NAME', name).replace('PATH', path)}  internal: {`],
    ['move: [internal]', 'move: [internal, sneaky]'],
  ];
  const before = (thing: string): string =>
    `./kestrel.yml cut: step "channel" writes ${thing}, which is protected by the gate "approve", and no such gate comes before it`;

  test('is protected under every name of the place', async () => {
    const nested: Change = [latest, `${latest}\n  all: { url: ./ }`];
    const [kept] = await wrong([nested], sneaky('all', 'latest/kestrel.tar.gz'));
    expect(kept).toBe(before('stable'));
    // Without the path itself: who protects a channel protects what it serves.
    const channelOnly: Change = ["[stable, 'latest:kestrel.tar.gz',", '[stable,'];
    expect(await wrong([nested, channelOnly], sneaky('all', 'latest/kestrel.tar.gz'))).toEqual([
      before('stable'),
    ]);
    expect(await wrong([nested], sneaky('all', 'latest/other.tar.gz'))).toEqual([]);
  });

  test('is protected where a placeholder could become it', async () => {
    const path: Change = ["'latest:kestrel.tar.gz'", "'releases:kestrel-9.9.9.tar.gz'"];
    const found = await wrong([path]);
    expect(found).toHaveLength(2);
    expect(found[0]).toContain('cut: step "store" writes releases:kestrel-9.9.9.tar.gz, which is protected');
    expect(await wrong([["'latest:kestrel.tar.gz'", "'releases:osprey-9.9.9.tar.gz'"]])).toEqual([
      `'releases:osprey-9.9.9.tar.gz' no step writes "releases:osprey-9.9.9.tar.gz"`,
    ]);
  });

  test('the journal: no process writes there, and no storage lies around it', async () => {
    expect(await wrong([], [['archive: { in: releases', 'archive: { in: records']])).toEqual([
      './kestrel.yml its files would lie among those of the journal, which is in "records"',
    ]);
    const around: Change = [
      'releases: { url: s3://example-releases, key',
      'releases: { url: s3://example-records, endpoint: "https://s3.example.com", key',
    ];
    expect(await wrong([around])).toEqual([
      's3://example-records the journal is in this bucket: give it one, or a prefix, of its own',
    ]);
  });
});

describe('a project with a changed process', () => {
  const extended = (rest: string): Change => [
    'process: ./kestrel.yml',
    `process:\n      extends: ./kestrel.yml\n${rest}`,
  ];

  test('has the changes', async () => {
    const loaded = await right([extended('      patch:\n        promote.build: { timeout: 9m }')]);
    const { operations = {} } = loaded.projects['kestrel']?.process ?? {};
    const timeout = (name: string) => operations[name]?.steps.find(({ id }) => id === 'build')?.timeoutMs;
    expect(timeout('promote')).toBe(540_000);
    expect(timeout('cut')).toBe(300_000);
  });

  test('is told at the change what is wrong with it', async () => {
    expect(await wrong([extended('      patch:\n        biuld: { timeout: 9m }')])).toEqual([
      expect.stringMatching(/^biuld: .*"biuld".*did you mean "build"\?/),
    ]);
  });

  test('does not get around a gate: neither by a patch nor by a variant', async () => {
    const moved = 'after: check, uses: channel, move: [stable], to: internal';
    const early = `{ ${moved.replace('check', 'branch')} }`;
    const [said, ...others] = await wrong([extended(`      patch:\n        cut.early: ${early}`)]);
    expect(others).toEqual([]);
    expect(said).toMatch(/cut: step "early" writes stable, which is protected by the gate "approve"/);
    const variant = `      variants:\n        hurry: { about: Hurry, for: [cut], patch: { cut.early: ${early} } }`;
    expect(await wrong([extended(variant)])).toEqual([
      expect.stringMatching(
        /cut \(hurry\): step "early" writes stable, which is protected by the gate "approve"/,
      ),
    ]);
  });

  test('has so few variants that all their combinations can be proved', async () => {
    const variants = Array.from(
      { length: 7 },
      (_, n) => `        v${n}: { about: V, for: [cut], patch: { cut.build: { timeout: ${n + 1}m } } }`,
    );
    expect(await wrong([extended(`      variants:\n${variants.join('\n')}`)])).toEqual([
      expect.stringContaining('7 variants have too many combinations to prove what is protected; at most 6'),
    ]);
  });

  test('reads what it extends, which counts when that changes', async () => {
    const loaded = await right([['process: ./kestrel.yml', 'process: ./mine.yml']], [], {
      'mine.yml': 'process: mine\nextends: ./kestrel.yml\npatch:\n  promote.build: { timeout: 9m }\n',
    });
    expect(loaded.files.map((file) => file.split('/').at(-1)).toSorted()).toEqual([
      'kestrel.yml',
      'mine.yml',
      'slipway.yaml',
    ]);
  });
});
