import { span } from '../../chat/views/marks.js';
import { sizeText } from '../../chat/views/run-page.js';
import { plain } from '../../chat/views/plain.js';
import { shortDigest } from '../../release/canonical.js';
import type { Json } from '../../release/plan.js';
import type { RunState, StepState } from '../../release/run-state.js';
import { builtArtifacts, copiedOutputs, type Artifact } from '../../steps/outputs.js';
import type { MetricRow } from './run-page-types.js';

/** Values that people compare: what machines and people took, beside what is usual, and what was built. */
export function metricRows(facts: {
  state: RunState;
  now: number;
  usual: Record<string, number>;
  outputs: { [step: string]: Json };
  copied: { [artifact: string]: Artifact };
}): MetricRow[] {
  const { state, now, usual } = facts;
  const worked = state.steps.filter(
    ({ outline, startedAt, endedAt }) => !outline.gate && startedAt > 0 && endedAt > 0,
  );
  const known = worked.filter(({ outline }) => usual[outline.id] !== undefined);
  const usually =
    known.length === worked.length ? sum(known.map(({ outline }) => usual[outline.id] ?? 0)) : 0;
  const waited = sum(
    Object.values(state.gates).map(
      ({ openedAt, decided }) => (decided?.at ?? state.finished?.at ?? now) - openedAt,
    ),
  );
  const row = (name: string, value: string, normally = '', note = ''): MetricRow => ({
    name,
    value,
    usual: normally,
    note,
  });
  return [
    ...(worked.length === 0
      ? []
      : [row('Machines worked', span(sum(worked.map(took))), usually === 0 ? '' : span(usually))]),
    ...(waited === 0 ? [] : [row('People were waited for', span(waited))]),
    ...Object.values(builtArtifacts(facts.outputs)).map((one) => artifactRow(one, 'built by this run')),
    ...Object.values(builtArtifacts(copiedOutputs(facts.copied))).map((one) =>
      artifactRow(one, 'the bytes of the candidate'),
    ),
  ];
}

const artifactRow = ({ name, size, sha256 }: Artifact, note: string): MetricRow => ({
  name: plain(name),
  value: `${sizeText(size)}, ${shortDigest(sha256)}`,
  usual: '',
  note,
});

const took = ({ startedAt, endedAt }: StepState): number => Math.max(0, endedAt - startedAt);

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
