import { SlipwayError } from '../error.js';
import type { Operation, Process } from './process-file.js';
import { didYouMean } from '../suggest.js';

/**
 * An operation of a process with some variants chosen, whose names are in any order. Every variant was proved alone when
 * the process was loaded; together they are proved here.
 * @throws SlipwayError command-invalid for an unknown operation or variant, one that is not for this operation, and for
 * variants that do not go together
 */
export function resolveOperation(
  process: Process,
  operation: string,
  variants: readonly string[],
): Operation {
  const plain = Object.hasOwn(process.operations, operation) ? process.operations[operation] : undefined;
  if (plain === undefined) {
    const hint = didYouMean(operation, Object.keys(process.operations)) || '.';
    throw new SlipwayError('command-invalid', `${process.name} has no operation "${operation}"${hint}`, {
      hint: 'Nothing was started.',
    });
  }
  for (const name of variants) requireVariant(process, operation, name);
  if (variants.length === 0) return plain;
  const resolved = process.withVariants(variants);
  const found = 'operations' in resolved ? resolved.operations[operation] : undefined;
  if (found !== undefined) return found;
  throw new SlipwayError(
    'command-invalid',
    `The variants ${variants.join(' and ')} do not go together: ${'problems' in resolved ? resolved.problems.join('; ') : 'the operation is gone'}.`,
    { hint: 'Nothing was started. Choose one of them.' },
  );
}

function requireVariant(process: Process, operation: string, name: string): void {
  const variant = Object.hasOwn(process.variants, name) ? process.variants[name] : undefined;
  const fit = Object.values(process.variants).filter((it) => it.for.includes(operation));
  if (variant?.for.includes(operation) === true) return;
  const names = fit.map((it) => it.name);
  const choice =
    fit.length === 0 ? `"${operation}" has no variants.` : `"${operation}" has ${names.join(', ')}.`;
  const message =
    variant === undefined
      ? `${process.name} has no variant "${name}"${didYouMean(name, names) || '.'}`
      : `The variant "${name}" is not for "${operation}", only for ${variant.for.join(', ')}.`;
  throw new SlipwayError('command-invalid', message, { hint: `Nothing was started. ${choice}` });
}
