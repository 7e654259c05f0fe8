import { z } from 'zod';
import type { VerbOption } from '../src/app/verb.js';
import type { Operation } from '../src/process/process-file.js';
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
  { flags: '--reason <text>', about: 'why: an input of that name, a freeze that is passed over, or --force' },
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
  reason: z.string().max(500).optional(),
};

/** What was typed as data, so that it can be said again: by the button of a plan, by a form. */
export function wordsSaid(args: Record<string, string | undefined>): Record<string, string> {
  const names = [...wordsBehind.map((one) => one.slice(1, -1)), 'operation', ...Object.keys(operationArgs)];
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const value = args[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * The inputs as they were typed. Who gives a reason need not say it twice where the operation asks for an input of that
 * name.
 */
export function inputsSaid(
  { input, reason }: { input?: string | undefined; reason?: string | undefined },
  declared: Operation['inputs'],
): string | undefined {
  const isSaid = (input ?? '').split('\n').some((line) => line.startsWith('reason='));
  if (reason === undefined || isSaid || !Object.hasOwn(declared, 'reason')) return input;
  return [...(input === undefined ? [] : [input]), `reason=${reason.replaceAll('\n', ' ')}`].join('\n');
}
