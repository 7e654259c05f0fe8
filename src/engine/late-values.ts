import type { Json, PlannedStep } from '../release/plan.js';

/**
 * What the placeholders stand for that only the run knows: `steps.<id>.<output>` for every output that is a text or a
 * number, and the short names (`notes`, `notes-url`, `release-url`, `verified`) for what the newest step of their kind gave.
 * `before`: the outputs of the steps before, by step id.
 */
export function lateValues(
  before: { readonly [step: string]: Json },
  steps: readonly Pick<PlannedStep, 'id' | 'kind'>[],
): Record<string, string> {
  const values: Record<string, string> = {};
  const releaseUrls: string[] = [];
  for (const { id, kind } of steps) {
    const outputs = textsOf(before[id]);
    for (const [name, value] of Object.entries(outputs)) values[`steps.${id}.${name}`] = value;
    const { text, url, verified } = outputs;
    if (kind === 'notes' && text !== undefined) values['notes'] = text;
    if (kind === 'notes' && url !== undefined && url !== '') values['notes-url'] = url;
    if (kind === 'verify' && (verified ?? text) !== undefined) values['verified'] = verified ?? text ?? '';
    if (kind === 'forge-release' && url !== undefined && url !== '') {
      values['release-url'] = url;
      releaseUrls.push(url);
    }
  }
  if (releaseUrls.length > 0) values['release-urls'] = releaseUrls.join('\n');
  return values;
}

function textsOf(output: Json | undefined): Record<string, string> {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return {};
  return Object.fromEntries(
    Object.entries(output).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );
}
