import { z } from 'zod';
import type { VerbOption } from '../src/app/verb.js';
import { projectOption } from './on-project.js';

/** What may stand behind an operation, whether it is started or only planned. */
export const wordsBehind = ['[version]', '[variant]', '[variant-2]'];

/** The options that say what exactly is meant, whether it is started or only planned. */
export const operationOptions: VerbOption[] = [
  projectOption,
  { flags: '--input <name=value>', repeat: true, about: 'an input that the operation asks for' },
  { flags: '--variant <name>', repeat: true, about: 'a variant of the process; its name alone will do' },
  { flags: '--again', about: 'once more, though nothing is new or it was done already' },
  { flags: '--force', about: 'replace the archive of a final version; the policy says who may' },
];

/** The arguments that go with both. */
export const operationArgs = {
  version: z.string().optional(),
  variant: z.string().optional(),
  'variant-2': z.string().optional(),
  project: z.string().optional(),
  input: z.string().optional(),
  again: z.literal('true').optional(),
  force: z.literal('true').optional(),
};
