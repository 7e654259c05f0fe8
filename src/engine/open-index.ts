import type { Records } from './ports/records.js';

/** `boards`: runs whose messages in rooms may still have to be changed. */
type IndexKind = 'runs' | 'lines' | 'inbox' | 'boards';

/**
 * Which runs and lines are open, so that `status` and the reconciler need not read history. It is written before the
 * first event and removed after the last; an entry too many is harmless, `slipway verify` finds one too few.
 */
export interface OpenIndex {
  add(kind: IndexKind, id: string): Promise<void>;
  remove(kind: IndexKind, id: string): Promise<void>;
  list(kind: IndexKind): Promise<string[]>;
}

/** The index under `open/runs/` and `open/lines/`. */
export function openIndex(records: Records): OpenIndex {
  return {
    add: async (kind, id) => void (await records.create(`open/${kind}/${id}`, Buffer.from('\n'))),
    remove: (kind, id) => records.remove(`open/${kind}/${id}`),
    list: (kind) => records.names(`open/${kind}/`),
  };
}
