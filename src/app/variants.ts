import type { Operation, Process } from '../process/process-file.js';

/** An operation as it is with some variants; [] is the operation itself. */
export interface OperationWith {
  operation: Operation;
  variants: readonly string[];
}

/** The most variants of one process: of more not every combination can be looked at. */
export const mostVariants = 6;

/**
 * Every operation of a process in every variant and combination of variants that is possible, the plain ones first; of a
 * process with more than `mostVariants` each variant alone.
 */
export function everyOperation(process: Process): readonly OperationWith[] {
  const known = looked.get(process);
  if (known !== undefined) return known;
  const all = combinations(Object.values(process.variants).map(({ name }) => name));
  const found = all.flatMap((variants): OperationWith[] => {
    if (variants.length === 0)
      return Object.values(process.operations).map((operation) => ({ operation, variants }));
    const result = process.withVariants(variants);
    // A combination that does not fit together is refused when it is asked for.
    if ('problems' in result) return [];
    return Object.values(result.operations)
      .filter(({ name }) =>
        variants.every((variant) => process.variants[variant]?.for.includes(name) === true),
      )
      .map((operation) => ({ operation, variants }));
  });
  looked.set(process, found);
  return found;
}

const looked = new WeakMap<Process, readonly OperationWith[]>();

/** The subsets of some names, smaller ones first. */
function combinations(names: readonly string[]): string[][] {
  const most = names.length > mostVariants ? 1 : names.length;
  const sets: string[][] = [[]];
  for (const name of names) {
    sets.push(...sets.filter((set) => set.length < most).map((set) => [...set, name]));
  }
  return sets.toSorted((a, b) => a.length - b.length);
}
