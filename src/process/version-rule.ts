import { z } from 'zod';
import type { SchemeRule } from '../release/versions/scheme.js';
import { Name, OneLine } from './names.js';

const KeyPath = z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, 'not a path of keys');

/** Where a version stands in a file of the project: at a path of keys, or in the line that is written like a pattern. */
export const VersionPlace = z.union([
  z.strictObject({ path: z.string(), key: KeyPath }),
  z.strictObject({ path: z.string(), line: OneLine }),
]);

/** A command: the program, then its arguments. */
export const Command = z.tuple([z.string('must name a program').min(1, 'must name a program')], z.string());

const Candidate = z
  .string()
  .regex(/^-?[a-z]{1,12}$/, 'a name of a candidate is lower-case letters, such as rc or alpha');

const schemeKeys = {
  scheme: z.enum(['pep440', 'semver', 'calver', 'lts']),
  /** One name or several, the proposed one first. */
  candidate: z
    .union([Candidate, z.array(Candidate).min(1)])
    .transform((names) => (typeof names === 'string' ? [names] : names))
    .optional(),
  /** pep440: how many numbers a release has. */
  parts: z.union([z.literal(2), z.literal(3), z.literal(4)]).optional(),
  counter: z.enum(['restarts', 'continues']).default('restarts'),
  /** calver only: `YYYY.MM.DD-HHmm`. */
  format: z
    .string()
    .regex(/^[YMDHm._-]{1,40}$/, 'a format is made of YYYY, YY, MM, M, DD, D, HH, H, mm and . - _')
    .optional(),
  /** calver and lts: the time zone in which the clock is read. */
  zone: z.string().refine(isZone, 'not a time zone such as UTC or Europe/London').optional(),
  tag: z.string(),
  branch: z.string().optional(),
};

/** `version:` of a process file. */
export const VersionFile = z.strictObject({
  ...schemeKeys,
  /** The file that holds the version; `tags`: the tags of the repository do. A calendar version comes from the clock. */
  from: z.union([z.literal('tags'), ...VersionPlace.options]).optional(),
  also: z.array(VersionPlace).default([]),
  follow: z.array(Command).default([]),
  stamp: z.literal('line').optional(),
});

/** A series of `series:` of a process file: lines beside the main ones. */
export const SeriesFile = z.strictObject({
  ...schemeKeys,
  supported: z
    .string()
    .regex(/^[1-9][0-9]? (months?|years?)$/, 'not a time of support: write 18 months or 2 years')
    .optional(),
  latest: z.enum(['highest', 'never']).default('highest'),
});

type Written = z.output<typeof VersionFile>;

/** How a project says its version. */
export interface VersionRule extends Omit<Written, 'candidate' | 'from'> {
  /** Names of candidates, the proposed one first; [] where the process makes none. */
  candidate: string[];
  /** Where the next version is read: in a file, from the tags, or (calver, lts) from the clock. */
  from: z.output<typeof VersionPlace> | 'tags' | 'clock';
}

/** Lines beside the main ones, with a scheme, tags and branches of their own. */
export interface SeriesRule extends Omit<z.output<typeof SeriesFile>, 'candidate'> {
  candidate: string[];
}

/** The rule of a file with everything that may be left out. Without `from` it is the clock; the proofs ask for more. */
export function versionRuleOf(written: Written): VersionRule {
  return { ...written, candidate: written.candidate ?? [], from: written.from ?? 'clock' };
}

/** The rule of a series with everything that may be left out. */
export function seriesRuleOf(written: z.output<typeof SeriesFile>): SeriesRule {
  return { ...written, candidate: written.candidate ?? [] };
}

/** How versions of a rule are spelled, for `schemeOf`. */
export function schemeRuleOf({
  scheme,
  candidate,
  counter,
  format,
  zone,
  parts,
}: VersionRule | SeriesRule): SchemeRule {
  return { scheme, candidate, counter, format, zone, parts };
}

/** The name of a series; `main` is that of `version:`. */
export const SeriesName = Name.refine((name) => name !== 'main', '"main" is the series of "version"');

function isZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
