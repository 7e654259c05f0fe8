import type { OperationKind } from '../release/plan.js';
import { commitsForLater, namesIn, produces, writesOutside } from './effects.js';
import type { YamlText } from './position.js';
import type { Problem } from './problems.js';
import type { Process } from './process-file.js';
import type { StepDraft } from './read-steps.js';

/** An operation as the proofs see it. */
export interface OperationDraft {
  name: string;
  kind: OperationKind;
  steps: readonly StepDraft[];
}

/** Proves that every step finds what it needs done before it, and that nothing is published without approval. */
export function orderProblems(
  operation: OperationDraft,
  file: Pick<Process, 'artifacts' | 'channels'>,
  yaml: YamlText,
): Problem[] {
  return [
    ...idProblems(operation, yaml),
    ...skipProblems(operation, yaml),
    ...artifactProblems(operation, file, yaml),
    ...pushProblems(operation, yaml),
    ...(operation.kind === 'publish' ? gateProblems(operation, yaml) : []),
  ];
}

function idProblems({ steps }: OperationDraft, yaml: YamlText): Problem[] {
  const ids = steps.map(({ spec }) => spec.id);
  return steps
    .filter(({ spec }, index) => ids.indexOf(spec.id) !== index)
    .map(({ spec, path }) =>
      yaml.problem(path, `a step before has the id "${spec.id}"; give this one another`),
    );
}

function skipProblems({ steps }: OperationDraft, yaml: YamlText): Problem[] {
  return steps.flatMap((draft) => {
    if (!draft.spec.skippable) return [];
    const gate = draft.spec.kind === 'approve' || draft.spec.kind === 'wait';
    if (!gate && produces(draft).length === 0) return [];
    const why = gate
      ? `"${draft.spec.kind}" can never be skipped`
      : 'later steps need what this one produces';
    return [yaml.problem([...draft.path, 'skip'], `${why}: "skip: with-reason" is not possible here`)];
  });
}

function artifactProblems(
  { steps }: OperationDraft,
  { artifacts, channels }: Pick<Process, 'artifacts' | 'channels'>,
  yaml: YamlText,
): Problem[] {
  const problems: Problem[] = [];
  const stageOf = new Map<string, StepDraft['spec']>();
  for (const draft of steps) {
    for (const { name, path } of produces(draft)) {
      const first = stageOf.get(name);
      if (first === undefined) stageOf.set(name, draft.spec);
      else problems.push(yaml.problem(path, `"${name}" is already produced by "${first.id}"`));
    }
  }
  // A name that is no artifact at all is reported as such, not here.
  const isMissing = (name: string, { spec }: StepDraft): boolean =>
    artifacts[name] !== undefined && (stageOf.get(name)?.stage ?? Infinity) >= spec.stage;

  for (const draft of steps) {
    for (const { name, path } of draft.spec.kind === 'store' ? namesIn(draft, 'artifacts') : []) {
      if (isMissing(name, draft))
        problems.push(yaml.problem(path, `nothing before this step produces "${name}"`));
    }
    // With `to` a channel goes back to a version whose files are kept.
    const moves = draft.spec.kind === 'channel' && draft.written['to'] === undefined;
    for (const { name, path } of moves ? namesIn(draft, 'move') : []) {
      for (const artifact of Object.keys(channels[name]?.files ?? {})) {
        if (!isMissing(artifact, draft)) continue;
        const message = `nothing before this step produces "${artifact}", which is in the channel "${name}"`;
        problems.push(yaml.problem(path, message));
      }
    }
  }
  return problems;
}

function pushProblems({ steps, kind }: OperationDraft, yaml: YamlText): Problem[] {
  const gates = steps.filter(({ spec }) => spec.kind === 'approve');
  const pushes = steps.filter(({ spec }) => spec.kind === 'push');
  const commits = steps.filter(commitsForLater);
  const follows = (later: StepDraft[], { spec }: StepDraft): StepDraft | undefined =>
    later.find((other) => other.spec.stage > spec.stage);
  const problems: Problem[] = [];

  for (const commit of commits) {
    const at = [...commit.path, 'push'];
    if (follows(gates, commit) === undefined) {
      // A publishing operation without any gate is told so once.
      if (kind === 'publish' && gates.length === 0) continue;
      problems.push(yaml.problem(at, '"push: after-gate" needs a step "approve" after it'));
    } else if (follows(pushes, commit) === undefined) {
      problems.push(yaml.problem(at, '"push: after-gate" needs a step "push" after the gate'));
    }
  }
  for (const push of pushes) {
    const commit = commits.find(({ spec }) => spec.stage < push.spec.stage);
    if (commit === undefined) {
      const message = '"push" needs an earlier "commit" with "push: after-gate"';
      problems.push(yaml.problem(push.path, message));
      continue;
    }
    const gate = follows(gates, commit);
    if (kind === 'publish' || gate === undefined || gate.spec.stage < push.spec.stage) continue;
    problems.push(yaml.problem(push.path, `"push" comes before the gate "${gate.spec.id}"`));
  }
  return problems;
}

function gateProblems({ name, steps }: OperationDraft, yaml: YamlText): Problem[] {
  const [gate, ...others] = steps.filter(({ spec }) => spec.kind === 'approve');
  if (gate === undefined) {
    const message = `"${name}" makes a line final and has no step "approve": nothing is published without approval`;
    return [yaml.problem(['operations', name], message, 'key')];
  }
  const twice = others.map(({ path }) =>
    yaml.problem(path, `"${name}" has one gate, "${gate.spec.id}"; a second one is not possible here`),
  );
  return [...twice, ...steps.flatMap((draft) => gateProblem(draft, gate, yaml))];
}

/** What is approved is what ships: nothing goes out before the gate, nothing is made after it. */
function gateProblem(draft: StepDraft, gate: StepDraft, yaml: YamlText): Problem[] {
  const { id, kind, stage } = draft.spec;
  const after = stage > gate.spec.stage;
  if (!after && writesOutside(draft)) {
    const message =
      kind === 'commit'
        ? `"${id}" pushes before the gate "${gate.spec.id}": say "push: after-gate" and add a step "push" after it`
        : `"${id}" writes to the outside before the gate "${gate.spec.id}"`;
    return [yaml.problem(draft.path, message)];
  }
  if (after && (kind === 'commit' || produces(draft).length > 0)) {
    const what = kind === 'commit' ? 'commits' : 'builds';
    const message = `"${id}" ${what} after the gate "${gate.spec.id}": what is approved is what ships`;
    return [yaml.problem(draft.path, message)];
  }
  return [];
}
