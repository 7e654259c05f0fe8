/** Choices that a seed decides, so that a failed run of the chaos can be looked at again. */
export interface Random {
  /** At least `from`, below `to`. */
  between(from: number, to: number): number;
  /** A whole number of `count`, from 0. */
  index(count: number): number;
  /** True in `share` of the cases. */
  chance(share: number): boolean;
  /** The same elements in another order. */
  shuffled<T>(items: readonly T[]): T[];
  /** Another sequence that follows from this one and a name. */
  fork(name: string): Random;
}

/** Mulberry32: small, fast, and good enough to choose what to kill. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (from, to) => from + next() * (to - from),
    index: (count) => Math.floor(next() * count),
    chance: (share) => next() < share,
    shuffled(items) {
      const order = [...items];
      for (let last = order.length - 1; last > 0; last -= 1) {
        const other = Math.floor(next() * (last + 1));
        const [a, b] = [order[last], order[other]];
        if (a !== undefined && b !== undefined) [order[last], order[other]] = [b, a];
      }
      return order;
    },
    fork(name) {
      let mixed = seed >>> 0;
      for (const char of name) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x01000193) >>> 0;
      return seeded(mixed);
    },
  };
}
