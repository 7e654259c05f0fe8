import type { RunState } from '../../release/run-state.js';
import { nameOf } from './marks.js';
import { plain } from './plain.js';
import { publicWords } from './public-words.js';

/** What stopped a run, what is public already, what is missing, and the next commands. Empty while nothing stands in the way. */
export function stopped(state: RunState): string[] {
  if (state.finished !== undefined) return state.finished.outcome === 'done' ? [] : [...publicity(state)];
  const { run } = state.created;
  const failed = state.steps.filter((step) => step.status === 'failed' && (step.failure?.retryAt ?? 0) === 0);
  const unknown = state.steps.filter((step) => step.status === 'unknown');
  const lines: string[] = [];
  for (const step of failed) {
    lines.push(`${nameOf(step.outline.id)} failed: ${plain(step.failure?.message ?? '')}`);
    if (step.failure?.hint) lines.push(plain(step.failure.hint));
    lines.push(`Its log: slipway log ${run} ${step.outline.id}`);
    lines.push(
      `Next: slipway retry ${run} ${step.outline.id}${step.outline.skippable ? `, or slipway skip ${run} ${step.outline.id} --reason "…"` : ''}, or slipway cancel ${run}`,
    );
  }
  for (const step of unknown) {
    lines.push(`${nameOf(step.outline.id)}: ${plain(step.question ?? '')}`);
    lines.push(`Next: slipway answer ${run} ${step.outline.id} --made, or --not-made to do it again`);
  }
  if (state.paused !== undefined) {
    lines.push(
      `Paused by ${plain(state.paused.by.name)}: "${plain(state.paused.reason)}". Next: slipway resume ${run}`,
    );
  }
  return lines.length === 0 ? [] : [...lines, ...publicity(state)];
}

/** `Public: branch, bump. Not public: store, tag.`: steps by the names that commands take. */
export function publicity(state: RunState): string[] {
  return [publicWords(state, (steps) => steps.map((step) => step.outline.id).join(', '))];
}
