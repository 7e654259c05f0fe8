import { produces, reachOf, settingOf } from './effects.js';
import { makesFinal } from './operation-kind.js';
import type { OperationDraft } from './operation-draft.js';
import type { Problem } from './problems.js';
import type { StepDraft } from './read-steps.js';

/** Proves that nothing is published without approval, and nothing is seen before it may be. */
export function gateProblems(operation: OperationDraft, candidates: readonly string[]): Problem[] {
  return [
    ...(makesFinal(operation.value) ? approvalProblems(operation) : finalNameProblems(operation, candidates)),
    ...privacyProblems(operation),
  ];
}

/** Kinds whose effect carries the version: under a final one they would publish it. */
const named = new Set(['tag', 'store', 'package', 'image', 'chart', 'forge-release']);

/** An operation that makes no candidate works under the final version's name, and may not use it before the approval. */
function finalNameProblems({ value, steps }: OperationDraft, candidates: readonly string[]): Problem[] {
  const makesCandidate = value.next.some((next) => candidates.includes(next));
  // What works on a line that is there, or on none, is looked at when it is planned.
  if (makesCandidate || (value.line !== 'new -> open' && value.line !== 'new|open -> open')) return [];
  return steps.flatMap(({ spec, locator }) => {
    if (!named.has(spec.kind) || reachOf(spec) !== 'public') return [];
    const message = `"${spec.id}" would publish the final version, and this operation leaves the line open: only one with "-> final" and a gate may`;
    return [locator.problem([], message)];
  });
}

function approvalProblems(operation: OperationDraft): Problem[] {
  const { name, steps, at } = operation;
  const [gate, ...others] = steps.filter(({ spec }) => spec.kind === 'approve');
  if (gate === undefined) {
    const message = `"${name}" makes a line final and has no step "approve": nothing is published without approval`;
    return [at.yaml.problem(at.path, message, 'key')];
  }
  const twice = others.map(({ locator }) =>
    locator.problem([], `"${name}" has one gate, "${gate.spec.id}"; a second one is not possible here`),
  );
  return [...twice, ...steps.flatMap((draft) => approvalProblem(draft, gate, operation))];
}

/** What is approved is what ships: nothing goes out before the gate, nothing that ships is made after it. */
function approvalProblem(
  { spec, locator }: StepDraft,
  gate: StepDraft,
  { value }: OperationDraft,
): Problem[] {
  const { id, kind, stage, settings } = spec;
  const after = stage > gate.spec.stage;
  if (!after && reachOf(spec) === 'public')
    return [locator.problem([], `"${id}" writes to the outside before the gate "${gate.spec.id}"`)];
  // The branch of an open line is what the next candidate is made from: an unapproved final version must not stand there.
  const bumps = kind === 'commit' && settingOf(settings, 'version') === true;
  if (!after && bumps && value.line === 'open -> final' && reachOf(spec) === 'branch') {
    const message = `"${id}" pushes before the gate "${gate.spec.id}": say "push: after-gate" and add a step "push" after it`;
    return [locator.problem([], message)];
  }
  // A commit to another branch follows the release and ships nothing of it.
  const commits = kind === 'commit' && (bumps || settingOf(settings, 'branch') === undefined);
  const picks = kind === 'cherry-pick' && settingOf(settings, 'branch') === undefined;
  if (after && (commits || picks || produces(spec).length > 0)) {
    const what = produces(spec).length > 0 ? 'builds' : 'commits';
    return [
      locator.problem([], `"${id}" ${what} after the gate "${gate.spec.id}": what is approved is what ships`),
    ];
  }
  return [];
}

/** Until the step of `private-until` is done nothing of the operation may be seen. */
function privacyProblems({ name, value, steps }: OperationDraft): Problem[] {
  const until = value['private-until'];
  const limit = steps.find(({ spec }) => spec.id === until)?.spec.stage;
  if (until === undefined || limit === undefined) return [];
  return steps
    .filter(({ spec }) => spec.stage <= limit && spec.id !== until && reachOf(spec) !== 'none')
    .map(({ spec, locator }) =>
      locator.problem([], `"${spec.id}" would be seen before "${until}", and ${name} is private until then`),
    );
}
