import { line, moment, says, type Words } from '../../compose.js';
import type { Line, Message } from '../../message.js';
import { clip, oneLine, quoted } from '../fit.js';
import type { Ended } from '../history.js';
import { span } from '../marks.js';
import { answer } from './answer.js';

/** A page of what was released and abandoned, outcome first. */
export function historyAnswer(
  project: string,
  page: number,
  pages: number,
  ended: readonly Ended[],
): Message {
  if (ended.length === 0)
    return answer({
      lines: [
        line(
          page === 1
            ? `${project}: nothing was released or abandoned yet.`
            : `${project}: there is no page ${page}. The last one is ${pages}.`,
        ),
      ],
    });
  const older = { verb: 'history', args: { project, page: String(page + 1) } };
  return answer({
    header: `${project}: history, page ${page} of ${pages}`,
    lines: ended.map(endedLine),
    buttons: page < pages ? [says('older', 'Older', older)] : [],
  });
}

function endedLine({ target, outcome, at, by, approvals, waitedMs, reason }: Ended): Line {
  const when = moment(at);
  const who = clip(oneLine(by), 40);
  switch (outcome) {
    case 'released': {
      const count = approvals.length;
      const votes = count === 0 ? 'nobody was asked' : `${count} approval${count === 1 ? '' : 's'}`;
      const waiting = waitedMs === 0 ? '' : `, ${span(waitedMs)} waiting`;
      return said(target, 'released ', when, `, ${votes}${waiting}`);
    }
    case 'abandoned':
      return said(target, 'abandoned ', when, reason === '' ? ` by ${who}` : `: ${quoted(reason)}`);
    case 'adopted':
      return said(target, 'released by hand, taken over ', when, ` by ${who}`);
    case 'unreadable':
      return said(target, `warning: ${clip(oneLine(reason), 120)}`);
  }
}

function said(target: string, ...words: Words[]): Line {
  return line(`${target} · `, ...words);
}
