import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadInstallation } from '../../src/app/load-installation.js';
import { mayRunCommands, policyOf, startersOf } from '../../src/app/installation.js';
import type { Installation } from '../../src/app/installation.js';
import { SlipwayError } from '../../src/error.js';
import { kinds } from '../process/kinds.js';

const root = mkdtempSync(join(tmpdir(), 'slipway-installation-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

// A copy of the sandbox of its own, so that line numbers in messages stay put.
const presets = new URL('../fixtures/', import.meta.url);
const slipway = readFileSync(new URL('slipway.yaml', presets), 'utf8');
const kestrel = readFileSync(new URL('kestrel.yml', presets), 'utf8');
const verbs = new Set(['status', 'plan', 'approve']);
let count = 0;

type Change = readonly [from: string, to: string];

function change(text: string, changes: readonly Change[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the file has no ${from}`);
    return changed.replace(from, () => to);
  }, text);
}

/** Loads the sandbox's files with changes, from a folder of their own. */
function load(config: readonly Change[], process: readonly Change[] = [], more: Record<string, string> = {}) {
  const folder = mkdtempSync(join(root, `${count++}-`));
  writeFileSync(join(folder, 'slipway.yaml'), change(slipway, config));
  writeFileSync(join(folder, 'kestrel.yml'), change(kestrel, process));
  for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
  return { folder, installation: loadInstallation(join(folder, 'slipway.yaml'), kinds, verbs) };
}

async function right(...args: Parameters<typeof load>): Promise<Installation> {
  return load(...args).installation;
}

/** What is wrong, a line each, without the folder. */
async function wrong(...args: Parameters<typeof load>): Promise<string[]> {
  const { folder, installation } = load(...args);
  try {
    await installation;
    return [];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    expect(error.code).toBe('config-invalid');
    return error.message.replaceAll(`${folder}/`, '').split('\n');
  }
}

const s3 = '{ url: s3://example-latest/kestrel, key-id: { env: S3_KEY_ID }, secret: { env: S3_SECRET } }';
const real: Change = ['sandbox: true', 'sandbox: false'];

describe('the sandbox', () => {
  test('is loaded with everything resolved', async () => {
    const { folder, installation } = load([]);
    const loaded = await installation;
    expect(loaded).toMatchObject({
      file: join(folder, 'slipway.yaml'),
      name: 'sandbox',
      timeZone: 'Europe/London',
      journal: { kind: 'folder', folder: join(folder, 'journal') },
      git: { name: 'Slipway', email: 'slipway@example.com' },
      rooms: { releases: { local: 'releases' } },
      people: { ana: { name: 'Ana' } },
      roles: { maintainer: ['ana', 'ben'] },
      storage: { releases: { kind: 'folder', folder: join(folder, 'storage/releases') } },
    });
    expect(loaded.runAs).toBeUndefined();
    expect(loaded.isolation).toBeUndefined();
    const project = loaded.projects['kestrel'];
    expect(project).toMatchObject({
      name: 'kestrel',
      sandbox: true,
      repo: join(folder, 'origin/kestrel.git'),
      repoIsLocal: true,
      processFile: join(folder, 'kestrel.yml'),
      policy: 'standard',
      room: 'eng-process',
      secrets: {},
    });
    expect(Object.keys(project?.process.operations ?? {})).toEqual(['cut', 'fixup', 'promote', 'abandon']);
  });

  test('has a policy that says who may do what', async () => {
    const { policies } = await right([]);
    const policy = policyOf({ policies }, { policy: 'standard' });
    expect(startersOf(policy, 'cut')).toEqual(['coordinator', 'maintainer']);
    expect(startersOf(policy, 'abandon')).toEqual(['coordinator']);
    expect(policy.gates['approve']).toEqual({
      rules: [
        {
          versions: undefined,
          series: undefined,
          variant: undefined,
          need: 1,
          of: ['maintainer'],
          eachOf: [],
        },
      ],
      requesterMayVote: false,
      expiresMs: 86_400_000,
      remindMs: [43_200_000, 69_120_000],
      escalate: undefined,
      reject: ['coordinator', 'maintainer'],
      protects: ['stable'],
    });
    expect(policy.skip).toEqual({ who: ['coordinator'], second: ['maintainer'] });
  });

  test('without a policy nobody may do anything', async () => {
    const loaded = await right([['    policy: standard\n', '']]);
    const policy = policyOf(loaded, loaded.projects['kestrel'] ?? { policy: 'constructor' });
    expect(policy).toEqual({ operations: {}, gates: {}, skip: undefined, force: undefined });
    expect(startersOf(policy, 'cut')).toEqual([]);
    expect(startersOf(policyOf(loaded, { policy: 'constructor' }), 'cut')).toEqual([]);
  });

  test('a gate has careful defaults', async () => {
    const loaded = await right([
      [
        '        requester: may-not-vote\n        expires: 24h\n        reject: [coordinator, maintainer]\n',
        '',
      ],
    ]);
    expect(loaded.policies['standard']?.gates['approve']).toMatchObject({
      requesterMayVote: false,
      expiresMs: 86_400_000,
      reject: [],
    });
  });
});

describe('a real project', () => {
  test('may keep its releases and the journal in buckets', async () => {
    const loaded = await right([
      real,
      ['slipway: 1', 'slipway: 1\nrun-as: build'],
      [
        '{ url: ./storage/latest }',
        `${s3}\n  records: ${s3.replace('latest/kestrel,', 'records, region: eu-west-1, endpoint: "http://127.0.0.1:9000",')}`,
      ],
      ['{ folder: ./journal }', '{ bucket: records }'],
      ['./origin/kestrel.git', 'git@github.com:example/kestrel.git'],
    ]);
    expect(loaded.runAs).toBe('build');
    expect(loaded.journal).toEqual({ kind: 'bucket', storage: 'records' });
    expect(loaded.storage['latest']).toEqual({
      kind: 's3',
      bucket: 'example-latest',
      prefix: 'kestrel',
      region: undefined,
      endpoint: undefined,
      keyIdEnv: 'S3_KEY_ID',
      secretEnv: 'S3_SECRET',
    });
    expect(loaded.storage['records']).toMatchObject({
      bucket: 'example-records',
      prefix: '',
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:9000',
    });
    expect(loaded.projects['kestrel']).toMatchObject({
      sandbox: false,
      repo: 'git@github.com:example/kestrel.git',
      repoIsLocal: false,
    });
  });

  test('runs commands only where they are kept apart', async () => {
    expect(await wrong([real])).toEqual([
      'slipway.yaml:47:14: "build" would run as the bot\'s own user and could read its secrets: set "run-as", or accept that with "isolation: none"',
    ]);
    expect(await wrong([real, ['slipway: 1', 'slipway: 1\nisolation: none']])).toEqual([]);
    expect(mayRunCommands({ runAs: undefined, isolation: undefined }, { sandbox: true })).toBe(true);
    expect(mayRunCommands({ runAs: undefined, isolation: undefined }, { sandbox: false })).toBe(false);
  });

  test('is granted secrets by step, behind a gate if it says so', async () => {
    const secrets = (rest: string): Change => [
      'room: eng-process',
      `room: eng-process\n    secrets: { DSN: { env: KESTREL_DSN, ${rest} } }`,
    ];
    const asks: Change = ['id: build', 'id: build\n        secrets: [DSN]'];
    const loaded = await right([secrets('steps: [build]')], [asks]);
    expect(loaded.projects['kestrel']?.secrets).toEqual({
      DSN: { env: 'KESTREL_DSN', steps: ['build'], after: undefined },
    });
    expect(await wrong([secrets('steps: [biuld]')])).toEqual([
      'slipway.yaml:50:49: there is no step "biuld"; did you mean "build"?',
    ]);
    expect(await wrong([], [asks])).toEqual([
      'kestrel.yml:33:19: the secret DSN is not granted to the step "build" in slipway.yaml',
    ]);
    expect(await wrong([secrets('steps: [tag], after: approve')])).toEqual([
      'slipway.yaml:50:62: cut: no gate "approve" comes before the step "tag", which may see this secret',
      'slipway.yaml:50:62: fixup: no gate "approve" comes before the step "tag", which may see this secret',
    ]);
  });

  test.each([
    'https://github.com/example/kestrel.git',
    'ssh://git@example.com:2222/kestrel.git',
    'http://127.0.0.1:8080/kestrel.git',
    '/srv/git/kestrel.git',
    '../kestrel.git',
  ])('may have the repository %s', async (repo) => {
    const loaded = await right([
      real,
      ['slipway: 1', 'slipway: 1\nrun-as: build'],
      ['./origin/kestrel.git', repo],
    ]);
    expect(loaded.projects['kestrel']?.repoIsLocal).toBe(!repo.includes('://'));
  });

  test.each([
    ['ext::sh -c id', 'not a repository: write ./folder, https://…, ssh://… or git@host:path'],
    ['http://example.com/x.git', 'not a repository: write ./folder, https://…, ssh://… or git@host:path'],
    ['file:///srv/x.git', 'not a repository: write ./folder, https://…, ssh://… or git@host:path'],
    ['--upload-pack=x', 'not a repository: write ./folder, https://…, ssh://… or git@host:path'],
    ['ssh://-oProxyCommand=x/y', 'not a repository: write ./folder, https://…, ssh://… or git@host:path'],
    ['kestrel', 'not a repository: write ./folder, https://…, ssh://… or git@host:path'],
    ['https://token@github.com/x.git', 'an address of a repository holds no credentials'],
    ['ssh://git:word@github.com/x.git', 'an address of a repository holds no credentials'],
  ])('may not have the repository %s', async (repo, message) => {
    expect(await wrong([['./origin/kestrel.git', `'${repo}'`]])).toEqual([`slipway.yaml:46:11: ${message}`]);
  });
});

describe('a wrong slipway.yaml', () => {
  test('everything is told at once, in the order of the places', async () => {
    const found = await wrong([
      ['name: sandbox', 'name: Sandbox'],
      ['time-zone: Europe/London', 'time-zone: Europe/Londn'],
      ['journal: { folder: ./journal }', 'journal: { foldr: ./journal }'],
      ['requester: may-not-vote', 'requester: may-vot'],
      ['expires: 24h', 'expires: 1 day'],
      ['storage:', 'storages:'],
    ]);
    expect(found).toEqual([
      'slipway.yaml:3:7: a name starts with a lower-case letter, then lower-case letters, digits and "-", at most 31',
      'slipway.yaml:4:12: is not a time zone such as Europe/London',
      'slipway.yaml:6:1: "folder" is missing',
      'slipway.yaml:6:12: unknown key "foldr"; did you mean "folder"?',
      'slipway.yaml:34:20: expected "may-not-vote" or "may-vote", found "may-vot"; did you mean "may-vote"?',
      'slipway.yaml:35:18: not a duration: write 30s, 45m, 2h or 7d, at most 14d',
      'slipway.yaml:39:1: unknown key "storages"; did you mean "storage"?',
    ]);
  });

  test('names that are not there, in both files', async () => {
    const found = await wrong(
      [
        ['coordinator: [ana]', 'coordinator: [anna]'],
        ['default: { start: [coordinator, maintainer] }', 'default: { start: [coordinator, maintaner] }'],
        ['of: [maintainer]', 'of: [maintainers]'],
        ['reject: [coordinator, maintainer]', 'reject: [lead]'],
        ['skip: { who: [coordinator], second: [maintainer]', 'skip: { who: [cordinator], second: [x]'],
        ['policy: standard', 'policy: standart'],
        ['room: eng-process', 'room: eng'],
      ],
      [
        ['in: latest', 'in: lates'],
        ['to: [eng-process, releases]', 'to: [eng-process, release]'],
      ],
    );
    expect(found).toEqual([
      'kestrel.yml:17:19: there is no storage "lates"; did you mean "latest"?',
      'kestrel.yml:88:27: there is no room "release"; did you mean "releases"?',
      'slipway.yaml:21:17: there is no person "anna"; did you mean "ana"?',
      'slipway.yaml:27:39: there is no role "maintaner"; did you mean "maintainer"?',
      'slipway.yaml:33:29: there is no role "maintainers"; did you mean "maintainer"?',
      'slipway.yaml:36:18: there is no role "lead"',
      'slipway.yaml:37:19: there is no role "cordinator"; did you mean "coordinator"?',
      'slipway.yaml:37:41: there is no role "x"',
      'slipway.yaml:48:13: there is no policy "standart"; did you mean "standard"?',
      'slipway.yaml:49:11: there is no room "eng"',
    ]);
  });

  test.each<[string, Change[], Change[], string[]]>([
    [
      'an operation like a verb',
      [],
      [['  cut:', '  status:']],
      ['kestrel.yml:21:3: "status" means something else already; give this operation another name'],
    ],
    [
      'a gate that no process has',
      [['      approve:', '      aprove:']],
      [],
      [
        'slipway.yaml:30:7: there is no gate "aprove"; did you mean "approve"?',
        'slipway.yaml:47:14: promote: step "channel" writes stable, which is protected by the gate "aprove", and no such gate comes before it',
      ],
    ],
    [
      'an operation that no process has',
      [['      abandon:', '      abandn:']],
      [],
      ['slipway.yaml:28:7: there is no operation "abandn"; did you mean "abandon"?'],
    ],
    [
      'more than there are',
      [['need: 1', 'need: 3']],
      [],
      ['slipway.yaml:33:21: 3 of 2 people: this number cannot be reached'],
    ],
    [
      'all, and one of them asks',
      [['need: 1', 'need: 2']],
      [],
      [
        'slipway.yaml:33:21: 2 of 2 people, and the requester may not vote: when one of them asks, nobody can decide',
      ],
    ],
    [
      'the only one',
      [['maintainer: [ana, ben]', 'maintainer: [ana, ana]']],
      [],
      [
        'slipway.yaml:33:21: 1 of 1 person, and the requester may not vote: when this one asks, nobody can decide',
      ],
    ],
    [
      'all, and none of them asks',
      [
        ['need: 1', 'need: 2'],
        [
          'default: { start: [coordinator, maintainer] }',
          'cut: { start: [maintainer] }\n      promote: { start: [tester] }',
        ],
        ['roles:', 'roles:\n  tester: [cat]'],
      ],
      [],
      [],
    ],
    [
      'all, and the requester may vote',
      [
        ['need: 1', 'need: 2'],
        ['may-not-vote', 'may-vote'],
      ],
      [],
      [],
    ],
    ['none', [['need: 1', 'need: 0']], [], ['slipway.yaml:33:21: must be at least 1']],
    [
      'a rule that never decides',
      [['of: [maintainer] }', 'of: [maintainer] }\n          - { need: 2, of: [maintainer] }']],
      [],
      ['slipway.yaml:34:13: the first rule always decides; this one never does'],
    ],
    [
      'a protected thing that is none',
      [['protects: [stable]', 'protects: [stabel, tag]']],
      [],
      [
        'slipway.yaml:31:20: "stabel" is neither a channel, a registry nor a step kind; did you mean "stable"?',
        'slipway.yaml:47:14: cut: step "tag" writes tag, which is protected by the gate "approve", and no such gate comes before it',
        'slipway.yaml:47:14: fixup: step "tag" writes tag, which is protected by the gate "approve", and no such gate comes before it',
      ],
    ],
    [
      'a protected channel',
      [
        ['protects: [stable]', 'protects: [internal]'],
        ['        reject: [coordinator, maintainer]\n', ''],
      ],
      [],
      ['cut', 'fixup', 'abandon']
        .toSorted()
        .map(
          (it) =>
            `slipway.yaml:46:14: ${it}: step "channel" writes internal, which is protected by the gate "approve", and no such gate comes before it`,
        ),
    ],
    [
      'a sandbox with a bucket',
      [['{ url: ./storage/latest }', s3]],
      [],
      [
        'slipway.yaml:45:14: a sandbox project keeps everything in folders, and "latest" is s3://example-latest/kestrel',
      ],
    ],
    [
      'a sandbox with a real repository',
      [['./origin/kestrel.git', 'https://example.com/k.git']],
      [],
      ['slipway.yaml:46:11: a sandbox project has a repository on this machine: write a path'],
    ],
    [
      'a storage that is none',
      [['./storage/latest', 'storage/latest']],
      [],
      ['slipway.yaml:41:18: "storage/latest" is neither a folder (./name) nor s3://bucket/prefix'],
    ],
    [
      'a folder with keys',
      [['{ url: ./storage/latest }', '{ url: ./x, secret: { env: X } }']],
      [],
      ['slipway.yaml:41:23: a folder has no "secret"'],
    ],
    [
      'a bucket without keys',
      [['{ url: ./storage/latest }', '{ url: s3://example-latest }']],
      [],
      ['slipway.yaml:41:3: "key-id" is missing'],
    ],
    [
      'a bucket without secret',
      [['{ url: ./storage/latest }', '{ url: s3://example-latest, key-id: { env: X } }']],
      [],
      ['slipway.yaml:41:3: "secret" is missing'],
    ],
    [
      'two storages in one place',
      [['./storage/latest', './storage/../storage/releases']],
      [],
      ['slipway.yaml:41:18: the storage "releases" is the same place'],
    ],
    [
      'the journal among the releases',
      [['./storage/latest', '.']],
      [],
      ['slipway.yaml:41:18: "." is neither a folder (./name) nor s3://bucket/prefix'],
    ],
    [
      'a storage around the journal',
      [['./storage/latest', './']],
      [],
      ['slipway.yaml:41:18: the journal is in this folder, or this folder in the journal'],
    ],
    [
      'a journal in no bucket',
      [['{ folder: ./journal }', '{ bucket: latst }']],
      [],
      ['slipway.yaml:6:20: there is no storage "latst"; did you mean "latest"?'],
    ],
    [
      'a journal in a folder as bucket',
      [['{ folder: ./journal }', '{ bucket: latest }']],
      [],
      ['slipway.yaml:6:20: "latest" is a folder: write "journal: { folder: … }"'],
    ],
    [
      'two rooms in one',
      [['local: releases', 'local: eng-process']],
      [],
      ['slipway.yaml:13:22: the room "eng-process" is "eng-process" already'],
    ],
    [
      'a preset that is not there',
      [['./kestrel.yml', 'sculptr']],
      [],
      ['slipway.yaml:47:14: there is no preset "sculptr"; did you mean "sculptor"?'],
    ],
    [
      'no process file',
      [['./kestrel.yml', './kestrl.yml']],
      [],
      ['slipway.yaml:47:14: kestrl.yml cannot be read'],
    ],
    [
      'the root user',
      [['slipway: 1', 'slipway: 1\nrun-as: root']],
      [],
      ['slipway.yaml:3:9: root is not less than the bot: take a user without rights'],
    ],
    ['a second version', [['slipway: 1', 'slipway: 2']], [], ['slipway.yaml:2:10: expected 1, found 2']],
  ])('%s', async (_, config, process, messages) => {
    expect(await wrong(config, process)).toEqual(messages);
  });

  test('two projects that would write to the same places', async () => {
    const second =
      '\n  osprey: { sandbox: true, repo: ./origin/kestrel.git, process: ./kestrel.yml, policy: standard, room: releases }\n';
    expect(await wrong([['    room: eng-process\n', `    room: eng-process${second}`]])).toEqual([
      'slipway.yaml:50:34: "kestrel" has the same repository and tags',
      'slipway.yaml:50:65: "kestrel" writes latest:internal/kestrel.tar.gz too',
      'slipway.yaml:50:65: "kestrel" writes latest:kestrel.tar.gz too',
      'slipway.yaml:50:65: "kestrel" writes releases:kestrel-{version}.tar.gz too',
    ]);
  });

  test('no file at all', async () => {
    await expect(loadInstallation(join(root, 'none.yaml'), kinds, verbs)).rejects.toMatchObject({
      code: 'config-invalid',
      message: `${join(root, 'none.yaml')}: cannot be read`,
    });
  });
});
