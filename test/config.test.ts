import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readEnvironment } from '../src/config.js';
import { SlipwayError } from '../src/error.js';

const folder = mkdtempSync(join(tmpdir(), 'slipway-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function thrown(action: () => unknown): SlipwayError {
  try {
    action();
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('nothing is needed', () => {
  expect(readEnvironment({ REDIS_URL: '', SLIPWAY_JOURNAL_KEY: '' }, folder)).toMatchObject({
    redisUrl: undefined,
    queue: undefined,
    logLevel: 'warn',
    data: undefined,
    config: join(folder, 'slipway.yaml'),
    practiceFolder: join(folder, '.slipway', 'sandbox'),
    journalKey: undefined,
    s3Endpoint: undefined,
    path: '/usr/local/bin:/usr/bin:/bin',
    called: 'slipway',
  });
});

test('in a checkout that npm started there is no slipway to type', () => {
  expect(readEnvironment({ npm_lifecycle_event: 'start' }, folder).called).toBe('npm run -s slipway');
  expect(readEnvironment({ npm_lifecycle_event: 'test' }, folder).called).toBe('slipway');
});

test('slipway.yaml is the one that is named, else that of the folder, else that of its practice project', () => {
  const place = mkdtempSync(join(folder, 'place-'));
  const [own, practiceFolder] = [join(place, 'slipway.yaml'), join(place, '.slipway', 'sandbox')];
  const found = (variables = {}): unknown => readEnvironment(variables, place);
  expect(found()).toMatchObject({ config: own, practiceFolder });
  mkdirSync(practiceFolder, { recursive: true });
  writeFileSync(join(practiceFolder, 'slipway.yaml'), '');
  expect(found()).toMatchObject({ config: join(practiceFolder, 'slipway.yaml'), practiceFolder });
  writeFileSync(own, '');
  expect(found()).toMatchObject({ config: own, practiceFolder: undefined });
  expect(found({ SLIPWAY_CONFIG: 'etc/other.yaml' })).toMatchObject({
    config: join(place, 'etc', 'other.yaml'),
    practiceFolder: undefined,
  });
});

test('everything is taken', () => {
  const environment = readEnvironment({
    REDIS_URL: 'rediss://user:pass@redis.example.com:6380/1',
    SLIPWAY_QUEUE: 'memory',
    SLIPWAY_LOG: 'debug',
    SLIPWAY_DATA: '/data',
    SLIPWAY_CONFIG: 'etc/slipway.yaml',
    SLIPWAY_JOURNAL_KEY_FILE: file('key', 'a journal key\r\n'),
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
    PATH: '/bin',
    S3_KEY_ID: 'id',
    S3_SECRET_FILE: file('secret', 'a very secret secret\n'),
  });
  expect(environment).toMatchObject({
    redisUrl: 'rediss://user:pass@redis.example.com:6380/1',
    queue: 'memory',
    logLevel: 'debug',
    data: '/data',
    config: resolve('etc/slipway.yaml'),
    journalKey: 'a journal key',
    s3Endpoint: 'http://127.0.0.1:9000',
    path: '/bin',
  });
  expect(environment.setting('S3_KEY_ID')).toBe('id');
  expect(environment.secret('S3_SECRET')).toBe('a very secret secret');
});

test('all that is wrong is told at once, and no value', () => {
  const error = thrown(() =>
    readEnvironment({
      REDIS_URL: 'localhost:hunter2',
      AWS_ENDPOINT_URL_S3: 's3.example.com',
      SLIPWAY_JOURNAL_KEY: 'hunter2',
    }),
  );
  expect(error.code).toBe('config-invalid');
  expect(error.message.split('\n')).toEqual([
    'REDIS_URL: must be an address such as redis://localhost:6379',
    'AWS_ENDPOINT_URL_S3: must be an address such as https://s3.example.com',
    'SLIPWAY_JOURNAL_KEY: has fewer than 8 characters',
  ]);
});

test.each([
  [{}, 'S3_SECRET is not set', 'secret-missing'],
  [{ S3_SECRET: '' }, 'S3_SECRET is not set', 'secret-missing'],
  [{ S3_SECRET: 'short' }, 'S3_SECRET: has fewer than 8 characters', 'config-invalid'],
  [
    { S3_SECRET: 'long enough', S3_SECRET_FILE: '/x' },
    'S3_SECRET: set it or S3_SECRET_FILE, not both',
    'config-invalid',
  ],
  [{ S3_SECRET_FILE: '/no/such/file' }, 'S3_SECRET_FILE: /no/such/file cannot be read', 'config-invalid'],
])('a secret from %j: %s', (variables, message, code) => {
  const environment = readEnvironment(variables);
  expect(thrown(() => environment.secret('S3_SECRET'))).toMatchObject({ message, code });
});

test('a setting may be short, but not empty', () => {
  const environment = readEnvironment({ A: 'x', B_FILE: file('empty', '\n') });
  expect(environment.setting('A')).toBe('x');
  expect(thrown(() => environment.setting('B')).message).toBe('B: is empty');
});
