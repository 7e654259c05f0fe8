import type { StepState, StepStatus } from '../../release/run-state.js';

/** A mark and its twin word: a line is mark, name, `·`, word. */
export interface Mark {
  mark: string;
  word: string;
}

const marks: Record<StepStatus, Mark> = {
  todo: { mark: '▫️', word: 'to do' },
  claimed: { mark: '⏳', word: 'running' },
  waiting: { mark: '✋', word: 'waiting' },
  done: { mark: '✅', word: 'done' },
  skipped: { mark: '⏭️', word: 'skipped' },
  failed: { mark: '❌', word: 'failed' },
  unknown: { mark: '⚠️', word: 'warning: outcome unknown' },
  interrupted: { mark: '⏸️', word: 'interrupted, goes on' },
};

/** The mark of a step as it stands. */
export function markOf(step: StepState): Mark {
  return marks[step.status];
}

/** `Tag`, for people, from a step's id. */
export function nameOf(id: string): string {
  const words = id.replaceAll(/[-_.]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `42 s`, `9 min 12 s`, `1 h 05 min`, `2 d 3 h`. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 1000) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A span that is usual: one of many, so its seconds say nothing beyond a minute. `42 s`, `6 min`, `1 h 05 min`. */
export function about(ms: number): string {
  if (ms < 60_000) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (ms < 3_600_000) return `${Math.min(59, Math.round(ms / 60_000))} min`;
  return span(ms);
}

/** Time that is given for something, to the minute: `24 h`, `4 h 48 min`, `2 d 3 h`. */
export function given(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const isHours = minutes >= 60 && minutes <= 72 * 60 && minutes % 60 === 0;
  return isHours ? `${minutes / 60} h` : minutes < 60 ? `${minutes} min` : span(minutes * 60_000);
}

/** `14 Oct 2025 14:32 UTC` */
export function instant(ms: number): string {
  const date = new Date(ms);
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][
    date.getUTCMonth()
  ];
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}
