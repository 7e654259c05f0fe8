import { z } from 'zod';
import { kindList } from '../../src/process/kinds/index.js';
import type { StepKinds } from '../../src/process/read-steps.js';

/** All kinds of the catalogue, and an old one that is not in it. */
export const kinds: StepKinds = new Map([
  ...kindList.map((kind) => [kind.name, { config: kind.config }] as const),
  ['check', { config: z.strictObject({}) }] as const,
]);

/** A process with one operation `go` around some steps, which begin in line 11, column 7. */
export function processWith(steps: string, line = 'line: open, next: [rc]'): string {
  return `process: p
about: A process.
version: { scheme: pep440, candidate: rc, from: { path: p.toml, key: project.version }, tag: 'p-v{version}', branch: 'r/v{line}' }
artifacts: { tarball: { file: 'dist/*.gz', archive: { in: releases, path: 'p-{version}.gz' } } }
channels: { internal: { in: latest, files: { tarball: i.gz } }, stable: { in: latest, files: { tarball: s.gz } } }
operations:
  go: {
    about: Goes, ${line},
    inputs: { why: { type: text, about: Why }, target: { type: word, about: Where }, note: { type: word, about: Note, optional: true } },
    steps: [
${steps.replace(/^/gm, '      ')}
    ] }
`;
}
