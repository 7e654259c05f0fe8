import { instant, span } from './marks.js';
import { plain } from './plain.js';

/** How a release line ended. Times in ms. */
export interface Ended {
  target: string;
  outcome: 'released' | 'abandoned' | 'adopted' | 'unreadable';
  at: number;
  by: string;
  approvals: readonly string[];
  waitedMs: number;
  reason: string;
}

/** A page of history: `0.43.2 · released 2 Oct 2025 10:12 UTC by Ana, approved by Ada Osei, 19 h 00 min waiting`. */
export function historyLines(
  project: string,
  page: number,
  pages: number,
  ended: readonly Ended[],
): string[] {
  if (ended.length === 0)
    return [
      page === 1
        ? `${project}: nothing was released or abandoned yet.`
        : `${project}: there is no page ${page}. The last one is ${pages}.`,
    ];
  return [
    `${project}: history, page ${page} of ${pages}`,
    ...ended.map(endedLine),
    ...(page < pages ? [`Older: slipway history --project ${project} --page ${page + 1}`] : []),
  ];
}

function endedLine({ target, outcome, at, by, approvals, waitedMs, reason }: Ended): string {
  const when = instant(at);
  switch (outcome) {
    case 'released': {
      const votes =
        approvals.length === 0
          ? 'nobody was asked'
          : `${approvals.length} approval${approvals.length === 1 ? '' : 's'} (${approvals.map(plain).join(', ')})`;
      const waiting = waitedMs === 0 ? '' : `, ${span(waitedMs)} waiting`;
      return `✅ ${target} · released ${when} by ${plain(by)}, ${votes}${waiting}`;
    }
    case 'abandoned':
      return `🚫 ${target} · abandoned ${when} by ${plain(by)}${reason === '' ? '' : `: "${plain(reason)}"`}`;
    case 'adopted':
      return `✅ ${target} · released by hand, taken over ${when} by ${plain(by)}`;
    case 'unreadable':
      return `⚠️ ${target} · warning: ${plain(reason)}`;
  }
}
