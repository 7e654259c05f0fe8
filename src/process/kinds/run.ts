import { z } from 'zod';
import { VariableName } from '../names.js';
import { Command } from '../version-rule.js';
import { defineKind } from './kind.js';
import type { Reach } from './kind.js';

const commandKeys = {
  env: z.record(z.string(), z.string()).default({}).describe('Variables of its environment.'),
  secrets: z
    .array(VariableName)
    .default([])
    .describe('Names of secrets; one that is empty or missing stops before anything runs.'),
  tools: z.array(z.string().min(1)).default([]).describe('Programs that the worker must have.'),
  produces: z
    .array(z.string())
    .default([])
    .describe('Artifacts of the process; each matches exactly one new file.'),
  fresh: z.array(z.string()).default([]).describe('Paths that are removed first.'),
  find: Command.optional().describe(
    'A command that says whether it is done already: exit 0 yes, 1 no, else stop and ask.',
  ),
  effect: z
    .enum(['none', 'once'])
    .default('none')
    .describe('`once`: it changes the outside and cannot be looked up, so a person decides after a crash.'),
  resources: z
    .strictObject({ nodes: z.int().min(1).max(1024).default(1), gpus: z.int().min(0).max(64).default(0) })
    .optional()
    .describe('`nodes`, and `gpus` of each.'),
  expect: z
    .array(
      z
        .string()
        .regex(
          /^[a-z][a-z0-9_-]* (?:(?:>=|<=|==|!=|>|<) -?[0-9.]+|in -?[0-9.]+\.\.-?[0-9.]+)$/,
          'not an expectation: write "speed >= 30000" or "speed in 1..2"',
        ),
    )
    .default([])
    .describe('What its metrics must be: `speed >= 30000`, `size in 1..20`.'),
};

interface Touching {
  find?: unknown;
  effect: string;
  produces: string[];
}

/** What contradicts itself in a command. */
function contradictions({ find, effect, produces }: Touching): string | undefined {
  if (find !== undefined && produces.length > 0)
    return 'what "find" finds leaves no files, so "produces" cannot stand beside it';
  return find !== undefined && effect === 'once'
    ? '"find" says how the effect is looked up, so "effect" cannot stand beside it'
    : undefined;
}

function check(settings: Touching, context: z.RefinementCtx): void {
  const message = contradictions(settings);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}

function reachOf({ find, effect }: Touching): Reach {
  return find !== undefined || effect === 'once' ? 'public' : 'none';
}

const names = { 'produces.*': 'artifact', 'secrets.*': 'secret' } as const;

/** The settings of a command. */
export const RunSettings = z
  .strictObject({
    run: Command.describe(
      'The program and its arguments; one element is one argument, and there is no shell.',
    ),
    ...commandKeys,
    fallback: z
      .strictObject({ 'when-missing': z.string().min(1), run: Command })
      .optional()
      .describe('Another command where a program is missing; decided before it starts.'),
  })
  .superRefine(check);

/** A command of the project. */
export const run = defineKind({
  name: 'run',
  about: 'Runs a command of the project in a fresh checkout, without a shell.',
  settings: RunSettings,
  places: {
    'run.0': 'none',
    'run.*': 'argument',
    'find.0': 'none',
    'find.*': 'argument',
    'fallback.run.0': 'none',
    'fallback.run.*': 'argument',
    'fresh.*': 'path',
    'env.*': 'text',
  },
  names,
  reach: reachOf,
  plan: 'Run make dist, which makes tarball',
  find: 'Its `find` command; without one it runs again.',
  example: '- run: [make, dist, "VERSION={version}"]\n  id: build\n  produces: [tarball]\n  timeout: 45m',
});

/** A script of the project. */
export const shell = defineKind({
  name: 'shell',
  about: 'Runs a script in a shell. It takes no placeholder: values arrive as SLIPWAY_VERSION and so on.',
  settings: z
    .strictObject({ shell: z.string().min(1).describe('The script.'), ...commandKeys })
    .superRefine(check),
  places: { 'find.0': 'none', 'find.*': 'argument', 'fresh.*': 'path', 'env.*': 'text' },
  names,
  reach: reachOf,
  plan: 'Run a script',
  find: 'Its `find` command; without one it runs again.',
  example: '- shell: |\n    make dist VERSION="$SLIPWAY_VERSION"\n  id: build\n  produces: [tarball]',
});
