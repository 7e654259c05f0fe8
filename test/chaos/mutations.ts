import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../src/engine/ports/clock.js';
import type { Leases } from '../../src/engine/ports/leases.js';
import type { Records } from '../../src/engine/ports/records.js';
import type { Git } from '../../src/services/git/git.js';
import type { Rooms } from '../../src/services/rooms/rooms.js';
import type { AnyStepKind } from '../../src/steps/step.js';

/** A journal whose `create` writes over what is there. */
export function overwriting(records: Records, folder: string): Records {
  return {
    ...records,
    async create(key, body) {
      const file = join(folder, key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, body);
      return true;
    },
  };
}

/** Kinds that never look whether their effect is there. */
export function blind(kinds: readonly AnyStepKind[]): AnyStepKind[] {
  return kinds.map((kind) => ({ ...kind, find: async () => ({ is: 'absent' as const }) }));
}

/** Kinds that leave their twins. */
export function unswept(kinds: readonly AnyStepKind[]): AnyStepKind[] {
  return kinds.map((kind) => ({ ...kind, settle: async () => 0 }));
}

/** Leases that everybody has. Besides them the holder's own clocks must be off: see `foreverMs`. */
export const anybodysLeases: Leases = {
  take: async () => true,
  renew: async () => true,
  release: async () => undefined,
  expel: async () => undefined,
  held: async () => false,
};

/** A lease of this length never ends by the clocks of its holder. */
export const foreverMs = 1_000_000_000;

/** Rooms that show nothing to a process before it has posted itself. */
export function unsearched(rooms: Rooms): Rooms {
  const said = new Set<string>();
  return {
    ...rooms,
    search: async (room, marker) => (said.has(marker) ? rooms.search(room, marker) : []),
    post: async (room, marker, text) => {
      said.add(marker);
      return rooms.post(room, marker, text);
    },
  };
}

/** Git objects that carry the time of the attempt and not that of the first intent. */
export function dated(git: Git, clock: Clock): Git {
  return {
    ...git,
    makeCommit: (spec) => git.makeCommit({ ...spec, date: clock.now() }),
    makeTag: (spec) => git.makeTag({ ...spec, date: clock.now() }),
  };
}
