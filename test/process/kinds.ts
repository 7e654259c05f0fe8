import { z } from 'zod';
import type { StepKinds } from '../../src/process/read-steps.js';

const names = z.array(z.string());

/** Stand-ins of the shape that the real step kinds have. */
export const kinds: StepKinds = new Map(
  Object.entries({
    check: z.strictObject({}),
    branch: z.strictObject({ name: z.string().optional() }),
    commit: z.strictObject({
      version: z.literal(true),
      message: z.string(),
      push: z.enum(['now', 'after-gate']).default('now'),
    }),
    run: z.strictObject({
      run: names.min(1, 'must name a program'),
      env: z.record(z.string(), z.string()).optional(),
      produces: names.optional(),
      fresh: names.optional(),
      find: names.optional(),
      effect: z.enum(['none', 'once']).optional(),
      secrets: names.optional(),
    }),
    approve: z.strictObject({}),
    push: z.strictObject({}),
    store: z.strictObject({ artifacts: names }),
    channel: z.strictObject({ move: names, to: z.string().optional() }),
    tag: z.strictObject({ name: z.string().optional(), message: z.string().optional() }),
    announce: z.strictObject({ to: names, text: z.string() }),
    wait: z.strictObject({ for: z.string() }),
  }).map(([name, config]) => [name, { config }]),
);

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
