import { createHash } from 'node:crypto';
import type { Json } from './plan.js';

/** JSON with sorted keys and no spaces: equal values give equal text, whatever order they were made in. `undefined` members are left out. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one)).join(',')}]`;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

/** sha256 in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Exactly what an approval approves. Whatever is not in here may change without voiding a vote, so everything is. */
export interface Sealed {
  project: string;
  run: string;
  step: string;
  version: string;
  /** Commit that ships, and the head of the release branch that it will move. */
  commit: string;
  branch: string;
  branchHead: string;
  plan: string;
  /** Paths in which what ships differs from the commit that the run began at: the candidate, for a promotion. */
  differs: string[];
  /** Outputs of every step before the gate: digests of artifacts, commits, results. */
  results: { [step: string]: Json };
  skips: { [step: string]: string };
}

/** The seal: what votes bind, compared whole. */
export function sealOf(sealed: Sealed): string {
  return sha256(canonical(sealed));
}

/** A seal or plan hash as people read it: `7F3A-91C2`. */
export function shortSeal(seal: string): string {
  return `${seal.slice(0, 4)}-${seal.slice(4, 8)}`.toUpperCase();
}

/** A hash that must not be searchable, as people read it: `7F3A-91C2-05DE-7B11`. */
export function longSeal(hash: string): string {
  return [0, 4, 8, 12].map((at) => hash.slice(at, at + 4).toUpperCase()).join('-');
}

/** A digest as people read it: `sha256:9f2c81d04a7e`. */
export function shortDigest(digest: string): string {
  return `sha256:${digest.slice(0, 12)}`;
}
