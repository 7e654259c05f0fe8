/** What the clocks of a zone show: days since 1970-01-01 and minutes since midnight, as one number in ms as if it were UTC. */
export function wallTimeOf(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
    ((ms % 1_000) + 1_000) % 1_000,
  );
}

const dayMs = 24 * 3_600_000;

/**
 * The moments at which the clocks of a zone show a time, in ms: one, two where they are put back over it, and where they
 * are put forward over it the moments that it would have been by either time.
 */
export function momentsOf(wall: number, zone: string): number[] {
  // No zone changes its clocks twice within two days.
  const offsets = [-dayMs, dayMs].map((away) => {
    const near = wall + away;
    return wallTimeOf(near, zone) - near;
  });
  const guesses = [...new Set(offsets)].map((offset) => wall - offset);
  const real = guesses.filter((guess) => wallTimeOf(guess, zone) === wall);
  return (real.length > 0 ? real : guesses).toSorted((a, b) => a - b);
}
