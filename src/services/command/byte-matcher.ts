/** Finds many byte strings at once: a step costs the same however many there are (Aho and Corasick, 1975). */
export interface ByteMatcher {
  /** The state after `state` has read `byte`; the first state is 0. */
  next(state: number, byte: number): number;
  /** Length of the longest string that ends at this state, or 0. */
  matched(state: number): number;
  /** How many of the last bytes could still become a match. */
  open(state: number): number;
}

/** Builds a matcher; its size is about the sum of lengths times the number of different bytes in them. */
export function byteMatcher(strings: Uint8Array[]): ByteMatcher {
  // Bytes that no string holds share class 0, which keeps the table small.
  const classOf = new Uint16Array(256);
  let classes = 1;
  let most = 1;
  for (const string of strings) {
    most += string.length;
    for (const byte of string) {
      if (classOf[byte] !== 0) continue;
      classOf[byte] = classes;
      classes += 1;
    }
  }
  const table = new Int32Array(most * classes);
  const depth = new Int32Array(most);
  const longest = new Int32Array(most);
  const at = (state: number, byteClass: number): number => table[state * classes + byteClass] ?? 0;

  let states = 1;
  for (const string of strings) {
    let state = 0;
    for (const byte of string) {
      const byteClass = classOf[byte] ?? 0;
      let child = at(state, byteClass);
      if (child === 0) {
        child = states;
        states += 1;
        table[state * classes + byteClass] = child;
        depth[child] = (depth[state] ?? 0) + 1;
      }
      state = child;
    }
    longest[state] = string.length;
  }

  // Breadth first, so that the state to fall back to is always finished before it is needed.
  const fallback = new Int32Array(most);
  const queue = [0];
  for (const state of queue) {
    const back = fallback[state] ?? 0;
    longest[state] = Math.max(longest[state] ?? 0, longest[back] ?? 0);
    for (let byteClass = 0; byteClass < classes; byteClass += 1) {
      const child = at(state, byteClass);
      const other = state === 0 ? 0 : at(back, byteClass);
      if (child === 0) {
        table[state * classes + byteClass] = other;
      } else {
        fallback[child] = other;
        queue.push(child);
      }
    }
  }
  return {
    next: (state, byte) => at(state, classOf[byte] ?? 0),
    matched: (state) => longest[state] ?? 0,
    open: (state) => depth[state] ?? 0,
  };
}
