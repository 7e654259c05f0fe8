import { describe, expect, test } from 'vitest';
import { verbs as allVerbs } from '../../commands/index.js';
import { resolveOperation } from '../../src/process/resolve-operation.js';
import { loaded, preset, presetNames, stagesOf } from './chain.js';

function processOf(name: string) {
  const found = preset(name);
  if (found === undefined) throw new Error(`no preset ${name}`);
  return loaded(found.text);
}

test('there are five presets', () => {
  expect(presetNames).toEqual(['fma', 'metta', 'sculptor', 'shimmy', 'swarm']);
});

describe.each(presetNames)('the preset %s', (name) => {
  const process = processOf(name);

  test('has the name of its file', () => {
    expect(process.name).toBe(name);
  });

  test('names no operation like a verb of the bot', () => {
    const verbs = new Set(allVerbs.map((verb) => verb.name));
    expect(verbs).toContain('release');
    expect(loaded(preset(name)?.text ?? '', { around: { verbs } }).name).toBe(name);
  });

  test('has the operations that its runbook has', () => {
    const kinds = Object.values(process.operations).map(
      ({ name: operation, kind, line, series, next }) =>
        `${operation}: ${kind}, ${series.join(' and ')}, ${line}, next ${next.join(', ') || 'none'}`,
    );
    expect(kinds).toMatchSnapshot();
  });

  test('has the steps that its runbook has', () => {
    const plans = Object.keys(process.operations).map((operation) => [
      operation,
      ...stagesOf(process, operation),
    ]);
    expect(plans).toMatchSnapshot();
  });

  test('has its variants, in every operation that they are for', () => {
    const plans = Object.values(process.variants).flatMap((variant) =>
      variant.for.map((operation) => [
        variant.name,
        operation,
        ...resolveOperation(process, operation, [variant.name]).steps.map(
          (step) => `${step.stage} ${step.id} ${step.kind}`,
        ),
      ]),
    );
    expect(plans).toMatchSnapshot();
  });
});
