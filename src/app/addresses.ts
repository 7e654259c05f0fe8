import { resolve } from 'node:path';
import type { InstallationFile } from './installation-file.js';
import type { StorageSpec } from './installation.js';

type StorageFile = InstallationFile['storage'][string];

/** What is wrong, and with which key; an empty key is the whole. */
interface Wrong {
  key: string;
  message: string;
}

/** Whether a text is written as a path of this machine: `./x`, `../x`, `/x`. */
export function isPath(text: string): boolean {
  return /^\.{0,2}\//.test(text) && !text.includes('\0');
}

/** A storage as the rest of Slipway sees it; a folder is relative to the folder of slipway.yaml. */
export function storageOf(file: StorageFile, folder: string): { storage: StorageSpec } | Wrong {
  const { url, region, endpoint, 'key-id': keyId, secret } = file;
  if (isPath(url)) {
    const extra = (['region', 'endpoint', 'key-id', 'secret'] as const).find(
      (key) => file[key] !== undefined,
    );
    if (extra !== undefined) return { key: extra, message: `a folder has no "${extra}"` };
    return { storage: { kind: 'folder', folder: resolve(folder, url) } };
  }
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)\/?$/.exec(
    url,
  );
  if (match === null)
    return { key: 'url', message: `"${url}" is neither a folder (./name) nor s3://bucket/prefix` };
  if (keyId === undefined) return { key: '', message: '"key-id" is missing' };
  if (secret === undefined) return { key: '', message: '"secret" is missing' };
  const [, bucket = '', prefix = ''] = match;
  const keys = { keyIdEnv: keyId.env, secretEnv: secret.env };
  return { storage: { kind: 's3', bucket, prefix: prefix.slice(1), region, endpoint, ...keys } };
}

/** A storage in one text; two storages with the same text are the same place. */
export function addressOf(storage: StorageSpec): string {
  if (storage.kind === 'folder') return storage.folder;
  const server = storage.endpoint === undefined ? '' : ` at ${storage.endpoint}`;
  return `s3://${storage.bucket}${storage.prefix === '' ? '' : `/${storage.prefix}`}${server}`;
}

/** A file in a storage in one text; two storages that lie in each other give the same text for the same file. */
export function fileAddress(storage: StorageSpec, path: string): string {
  if (storage.kind === 'folder') return `file:${storage.folder}/${path}`;
  const { bucket, prefix, endpoint = '' } = storage;
  return `s3:${endpoint}:${bucket}/${prefix === '' ? '' : `${prefix}/`}${path}`;
}

/** Whether one of two storages lies in the other, or they are the same place. */
export function overlap(a: StorageSpec, b: StorageSpec): boolean {
  const [one, other] = [fileAddress(a, ''), fileAddress(b, '')];
  return one.startsWith(other) || other.startsWith(one);
}

/**
 * A repository's address; a path is relative to the folder of slipway.yaml, and with a forge it may be `owner/name`.
 * Only transports that fetch are taken: git knows others (`ext::`) that run a program.
 */
export function repoOf(
  text: string,
  folder: string,
  forge?: { url?: string | undefined },
): { repo: string; repoIsLocal: boolean } | Wrong {
  if (isPath(text)) return { repo: resolve(folder, text), repoIsLocal: true };
  if (/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(text)) {
    if (forge === undefined)
      return {
        key: 'repo',
        message: `"${text}" is at a forge: say which with "forge", or write the whole address`,
      };
    const { url = 'https://github.com' } = forge;
    return { repo: `${url.replace(/\/+$/, '')}/${text.replace(/\.git$/, '')}.git`, repoIsLocal: false };
  }
  const scp = /^[a-z_][a-z0-9_-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9._~/][A-Za-z0-9._~/-]*$/;
  if (scp.test(text)) return { repo: text, repoIsLocal: false };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const host = url?.hostname ?? '';
  const loopback = host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
  const protocol = url?.protocol;
  const isWeb = protocol === 'https:' || (protocol === 'http:' && loopback);
  if (url === undefined || host === '' || host.startsWith('-') || (!isWeb && protocol !== 'ssh:')) {
    return { key: 'repo', message: `not a repository: write ./folder, https://…, ssh://… or git@host:path` };
  }
  // A password in a file would be in every message that names the repository.
  if (url.password !== '' || (isWeb && url.username !== '')) {
    return { key: 'repo', message: 'an address of a repository holds no credentials' };
  }
  return { repo: text, repoIsLocal: false };
}
