import type { Records } from './ports/records.js';

/** A release line that is over. `at` in ms since the epoch. */
export interface Closed {
  project: string;
  target: string;
  at: number;
}

/** Times count down in the keys, so that the newest come first. */
const last = 9_999_999_999_999;

/**
 * Notes that a line is over, so that history can be shown page by page without reading all of it. Noted twice with
 * another time it stands twice; who reads takes the newest.
 */
export async function noteClosed(records: Records, { project, target, at }: Closed): Promise<void> {
  const time = String(last - Math.floor(at)).padStart(13, '0');
  await records.create(`closed/${project}/${time}_${target}`, Buffer.from('\n'));
}

/** The lines of a project that are over, newest first. Reads names only. */
export async function closedLines(records: Records, project: string): Promise<Closed[]> {
  const seen = new Set<string>();
  return (await records.names(`closed/${project}/`)).flatMap((name) => {
    const target = name.slice(14);
    const at = last - Number(name.slice(0, 13));
    if (seen.has(target) || !Number.isFinite(at)) return [];
    seen.add(target);
    return [{ project, target, at }];
  });
}
