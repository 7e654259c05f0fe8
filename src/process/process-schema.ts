import { z } from 'zod';
import { OperationFile, ProcessFile, StepHead } from './file-shape.js';
import { kindList } from './kinds/index.js';
import type { Kind } from './kinds/kind.js';
import { dictionaryOf, Name, StepId } from './names.js';

/** The settings of a kind by their names. */
export function settingsOf({ config }: Pick<Kind, 'config'>): Record<string, z.ZodType> {
  if (!(config instanceof z.ZodObject)) return {};
  const shape: Record<string, unknown> = config.shape;
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, schema]) => (schema instanceof z.ZodType ? [[key, schema]] : [])),
  );
}

function stepOf(kind: Kind): z.ZodType {
  const isForm = kind.name === 'run' || kind.name === 'shell';
  const form = isForm ? {} : { uses: z.literal(kind.name) };
  return z.strictObject({ ...form, ...StepHead.shape, ...settingsOf(kind) }).describe(kind.about);
}

/** A step in any of its forms, for editors; the loader reads steps one by one and says more. */
function stepSchema(): z.ZodType {
  const single = kindList.map(stepOf);
  const include = z
    .strictObject({ include: Name, id: StepId.optional(), 'runs-on': Name.optional() })
    .describe('The steps of a part or of another operation.');
  const together = z
    .strictObject({ together: z.array(z.union(single)).min(1), 'at-once': z.int().min(1).max(64).optional() })
    .describe('Steps that run side by side, all to the end.');
  return z.union([...single, include, together]);
}

/** The JSON Schema (2020-12) of a process file, for editors. It knows the shape only; the loader proves the rest. */
export function processJsonSchema(): Record<string, unknown> {
  const steps = z.array(stepSchema()).min(1);
  const file = ProcessFile.extend({
    parts: dictionaryOf(Name, steps).optional(),
    operations: dictionaryOf(Name, OperationFile.extend({ steps })).optional(),
  });
  return {
    title: 'Process of Slipway',
    ...z.toJSONSchema(file, { io: 'input', reused: 'ref', unrepresentable: 'any' }),
  };
}
