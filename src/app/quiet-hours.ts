import { wallTimeOf } from './wall-clock.js';

const hourMs = 3_600_000;

/** Whether nobody is written to alone now: before 09:00 and from 18:00 on, by the clocks of a zone. Pure. */
export function isQuiet(nowMs: number, zone: string): boolean {
  const hour = (wallTimeOf(nowMs, zone) % (24 * hourMs)) / hourMs;
  return hour < 9 || hour >= 18;
}
