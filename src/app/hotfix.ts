import { SlipwayError } from '../error.js';
import type { LineState } from '../release/line-state.js';
import { lineName } from '../release/line-state.js';
import { askHotfix, type Refusal } from '../release/line-table.js';
import { own } from '../release/own.js';
import type { Scheme } from '../release/versions/scheme.js';

/** The line that a hotfix opens and the released one that it begins at; or why there is none. */
export type HotfixTarget =
  { target: string; from: string } | { because: Refusal; target: string; line: LineState | undefined };

/**
 * Which line a hotfix of a released version opens: the first patch above it whose number was never used. What is
 * released on the way is what the hotfix begins at. A line that a hotfix has opened is the answer too: it is shown.
 * `request` was perhaps admitted before: then that line is the answer, whatever happened since.
 * @throws SlipwayError refused where the scheme has no patches
 */
export async function hotfixTarget(
  scheme: Scheme,
  named: string,
  request: string,
  load: (target: string) => Promise<LineState | undefined>,
): Promise<HotfixTarget> {
  const first = await load(named);
  const answer = askHotfix(first);
  if (answer.answer === 'refuse') return { because: answer.because, target: named, line: first };
  if (answer.answer === 'show') return { target: named, from: named };
  let from = named;
  let at = scheme.parse(named);
  for (;;) {
    const next = at === undefined ? undefined : scheme.next('patch', at, new Date(0));
    if (next === undefined) {
      throw new SlipwayError('refused', `There is no patch of ${from} in the scheme ${scheme.rule.scheme}.`, {
        hint: 'Nothing was started.',
      });
    }
    const state = await load(next.line);
    const name = lineName(state);
    const known = state !== undefined && own(state.requests, request) !== undefined;
    if (known || (name !== 'promoted' && name !== 'abandoned')) return { target: next.line, from };
    if (name === 'promoted') from = next.line;
    at = next;
  }
}
