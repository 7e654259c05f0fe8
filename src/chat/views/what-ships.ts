import { z } from 'zod';
import type { Sealed } from '../../release/canonical.js';

const Commit = z.looseObject({ commit: z.string(), aside: z.string().optional() });
const Built = z.looseObject({
  artifacts: z.record(z.string(), z.looseObject({ name: z.string(), sha256: z.string(), size: z.number() })),
});

/** The commit that ships: the newest of the line that a step before the gate made, or the run's own. Whole. */
export function shippedCommit(sealed: Sealed): string {
  const made = Object.values(sealed.results).flatMap((output) => {
    const read = Commit.safeParse(output).data;
    return read === undefined || read.aside === 'yes' ? [] : [read.commit];
  });
  return made.at(-1) ?? sealed.commit;
}

/** The files that were built for it. `sha256` is hex, `size` in bytes. */
export function builtFiles(sealed: Sealed): { name: string; sha256: string; size: number }[] {
  return Object.values(sealed.results).flatMap((output) =>
    Object.values(Built.safeParse(output).data?.artifacts ?? {}),
  );
}
