/** Rooms look at what they show of a run. Consumed by bots, after whatever moved the run. */
export function refreshBoard(rooms: { touch(run: string): void }, run: string): void {
  rooms.touch(run);
}
