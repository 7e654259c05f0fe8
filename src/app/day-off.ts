import type { Records } from '../engine/ports/records.js';
import { wallTimeOf } from './wall-clock.js';

const dayMs = 24 * 3_600_000;

/** The day that the clocks of a zone show: `2026-11-20`. Pure. */
function dayOf(nowMs: number, zone: string): string {
  return new Date(Math.floor(wallTimeOf(nowMs, zone) / dayMs) * dayMs).toISOString().slice(0, 10);
}

const keyOf = (person: string, nowMs: number, zone: string): string =>
  `days-off/${person}/${dayOf(nowMs, zone)}`;

/** Somebody is written to alone no more today, by the clocks of a zone. What rooms say of him stays as it is. */
export async function takeDayOff(
  records: Records,
  person: string,
  nowMs: number,
  zone: string,
): Promise<void> {
  await records.create(keyOf(person, nowMs, zone), Buffer.from('\n'));
}

/** Whether somebody has said so today. */
export async function hasDayOff(
  records: Records,
  person: string,
  nowMs: number,
  zone: string,
): Promise<boolean> {
  return (await records.read(keyOf(person, nowMs, zone))) !== undefined;
}
