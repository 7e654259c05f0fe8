import { z } from 'zod';
import { SlipwayError } from '../error.js';
import type { Plan } from '../release/plan.js';
import type { Engine } from './engine.js';
import { keptBlobs } from './kept-blobs.js';

/** Version of the step kinds and outlines that runs are made with. */
export const planFormat = 1;

/** The frozen plan of a run. @throws SlipwayError blob-missing */
export async function planOf(engine: Engine, digest: string): Promise<Plan> {
  return readPlan(engine.blobs, digest);
}

const readPlan = keptBlobs((digest, text): Plan => {
  const plan = PlanShape.safeParse(JSON.parse(text));
  if (!plan.success) {
    throw new SlipwayError(
      'journal-version',
      `The plan sha256:${digest} has a shape that this Slipway does not know.`,
      {
        hint: 'The run is left alone. Start a Slipway of the version that made it.',
      },
    );
  }
  return plan.data;
});

const json: z.ZodType<Plan['steps'][number]['config']> = z.json();

const PlanShape: z.ZodType<Plan> = z.object({
  project: z.string(),
  process: z.string(),
  processHash: z.string(),
  operation: z.string(),
  kind: z.enum(['start', 'change', 'publish', 'hotfix', 'end', 'work', 'final', 'none']),
  target: z.string(),
  version: z.string(),
  candidate: z.string(),
  previous: z.string(),
  commit: z.string(),
  defaultBranch: z.string(),
  branch: z.string(),
  tag: z.string(),
  policy: z.string(),
  series: z.string(),
  scheme: z.object({
    scheme: z.enum(['pep440', 'semver', 'calver', 'lts']),
    candidate: z.array(z.string()),
    counter: z.enum(['restarts', 'continues']),
    format: z.string().optional(),
    zone: z.string().optional(),
    parts: z.union([z.literal(2), z.literal(3), z.literal(4)]).optional(),
  }),
  variants: z.array(z.string()),
  forced: z.boolean(),
  versionFiles: z.array(
    z.union([
      z.object({ path: z.string(), key: z.string() }),
      z.object({ path: z.string(), line: z.string() }),
    ]),
  ),
  versionText: z.string(),
  copied: z.record(z.string(), z.object({ name: z.string(), sha256: z.string(), size: z.number() })),
  follow: z.array(z.array(z.string())),
  artifacts: z.record(z.string(), z.object({ file: z.string(), storage: z.string(), key: z.string() })),
  channels: z.record(
    z.string(),
    z.object({
      storage: z.string(),
      files: z.record(z.string(), z.string()),
      order: z.enum(['version', 'commit']),
      released: z.boolean(),
    }),
  ),
  inputs: z.record(z.string(), z.string()),
  declared: z.record(z.string(), z.object({ type: z.string(), optional: z.boolean() })).optional(),
  values: z.record(z.string(), z.string()),
  steps: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      sentence: z.string(),
      stage: z.number(),
      config: json,
      public: z.enum(['no', 'reversible', 'for-ever']),
      effect: z.enum(['none', 'conditional', 'searched', 'once']),
      gate: z.boolean(),
      skippable: z.boolean(),
      templates: z.array(z.string()),
      timeout: z.number(),
      runsOn: z.string(),
    }),
  ),
});
