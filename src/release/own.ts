/** The member of a map that is keyed by names people chose: `constructor` finds nothing that was not put there. */
export function own<T>(map: { [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
