/** Time comes in as an argument. `now` is the wall clock, `monotonic` never jumps; both in ms. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
