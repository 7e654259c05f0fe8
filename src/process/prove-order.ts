import { commitsForLater, produces, settingOf } from './effects.js';
import { kindOf } from './kinds/index.js';
import { makesFinal } from './operation-kind.js';
import type { OperationDraft } from './operation-draft.js';
import type { Problem } from './problems.js';
import { placeholdersIn } from './placeholders.js';
import { rulesOf } from './prove-line.js';
import { namesIn } from './prove-names.js';
import type { StepDraft } from './read-steps.js';
import { placeOf, textsIn } from './settings.js';
import type { World } from './world.js';

/** Proves that every step finds what it needs done before it. */
export function orderProblems(operation: OperationDraft, world: World): Problem[] {
  return [
    ...idProblems(operation),
    ...skipProblems(operation),
    ...artifactProblems(operation, world),
    ...pushProblems(operation),
    ...bytesProblems(operation, world),
    ...sourceProblems(operation, world),
  ];
}

function idProblems({ steps }: OperationDraft): Problem[] {
  const ids = steps.map(({ spec }) => spec.id);
  return steps
    .filter(({ spec }, index) => ids.indexOf(spec.id) !== index)
    .map(({ spec, locator }) =>
      locator.problem([], `a step before has the id "${spec.id}"; give this one another`),
    );
}

function skipProblems({ steps }: OperationDraft): Problem[] {
  return steps.flatMap(({ spec, locator }) => {
    if (!spec.skippable) return [];
    const never = kindOf(spec.kind)?.alone === true;
    if (!never && produces(spec).length === 0) return [];
    const why = never ? `"${spec.kind}" can never be skipped` : 'later steps need what this one produces';
    return [locator.problem(['skip'], `${why}: "skip: with-reason" is not possible here`)];
  });
}

function artifactProblems({ steps }: OperationDraft, { artifacts, channels }: World): Problem[] {
  const problems: Problem[] = [];
  const madeBy = new Map<string, StepDraft>();
  for (const draft of steps) {
    const { spec, locator } = draft;
    // What is copied from the candidate is there for the channels that follow.
    if (settingOf(spec.settings, 'bytes') === 'candidate') {
      for (const { what, name } of namesIn(draft)) if (what === 'artifact') madeBy.set(name, draft);
    }
    for (const [index, name] of produces(spec).entries()) {
      const first = madeBy.get(name);
      if (first === undefined) madeBy.set(name, draft);
      // Two includes may each build it, as long as nobody has to know which one is meant.
      else if (first.prefix !== draft.prefix && !steps.some((it) => takes(it, name))) continue;
      else
        problems.push(
          locator.problem(['produces', index], `"${name}" is already produced by "${first.spec.id}"`),
        );
    }
  }
  // A name that is no artifact at all is reported as such, not here.
  const isMissing = (name: string, { spec }: StepDraft): boolean =>
    artifacts.has(name) && (madeBy.get(name)?.spec.stage ?? Infinity) >= spec.stage;

  for (const draft of steps) {
    const { spec, locator } = draft;
    const isCopy = settingOf(spec.settings, 'bytes') === 'candidate';
    for (const { what, name, path } of namesIn(draft)) {
      if (what === 'artifact' && path[0] !== 'produces' && !isCopy && isMissing(name, draft))
        problems.push(locator.problem(path, `nothing before this step produces "${name}"`));
      // With `to` a channel goes back to a version whose files are kept.
      if (what !== 'channel' || path[0] !== 'move' || settingOf(spec.settings, 'to') !== undefined) continue;
      for (const artifact of Object.keys(channels.get(name)?.value.files ?? {})) {
        if (!isMissing(artifact, draft)) continue;
        const message = `nothing before this step produces "${artifact}", which is in the channel "${name}"`;
        problems.push(locator.problem(path, message));
      }
    }
  }
  return problems;
}

function takes(draft: StepDraft, artifact: string): boolean {
  return namesIn(draft).some(
    ({ what, name, path }) =>
      what === 'channel' || (what === 'artifact' && name === artifact && path[0] !== 'produces'),
  );
}

function pushProblems({ steps, value }: OperationDraft): Problem[] {
  const gates = steps.filter(({ spec }) => spec.kind === 'approve');
  const pushes = steps.filter(({ spec }) => spec.kind === 'push');
  const commits = steps.filter(({ spec }) => commitsForLater(spec));
  const follows = (later: StepDraft[], { spec }: StepDraft): StepDraft | undefined =>
    later.find((other) => other.spec.stage > spec.stage);
  const publishes = makesFinal(value);
  const problems: Problem[] = [];

  for (const commit of commits) {
    const { locator } = commit;
    if (follows(gates, commit) === undefined) {
      // A publishing operation without any gate is told so once.
      if (publishes && gates.length === 0) continue;
      problems.push(locator.problem(['push'], '"push: after-gate" needs a step "approve" after it'));
    } else if (follows(pushes, commit) === undefined) {
      problems.push(locator.problem(['push'], '"push: after-gate" needs a step "push" after the gate'));
    }
  }
  for (const push of pushes) {
    const commit = commits.find(({ spec }) => spec.stage < push.spec.stage);
    if (commit === undefined) {
      const message = '"push" needs an earlier "commit" with "push: after-gate"';
      problems.push(push.locator.problem([], message));
      continue;
    }
    const gate = follows(gates, commit);
    if (publishes || gate === undefined || gate.spec.stage < push.spec.stage) continue;
    problems.push(push.locator.problem([], `"push" comes before the gate "${gate.spec.id}"`));
  }
  return problems;
}

/** Bytes that were tested as a candidate call themselves so, unless the line's version was stamped into them. */
function bytesProblems({ steps }: OperationDraft, { version }: World): Problem[] {
  if (version?.value.stamp === 'line') return [];
  return steps
    .filter(({ spec }) => settingOf(spec.settings, 'bytes') === 'candidate')
    .map(({ locator }) =>
      locator.problem(
        ['bytes'],
        'these bytes call themselves a candidate: "bytes: candidate" needs "stamp: line" in "version"',
      ),
    );
}

/** Words that only something else of the process can give a value to. */
function sourceProblems({ steps, value }: OperationDraft, world: World): Problem[] {
  const rules = rulesOf({ value }, world);
  const hasSupport = rules.every((rule) => 'supported' in rule && rule.supported !== undefined);
  return steps.flatMap((draft) => {
    const { spec, locator } = draft;
    const isBefore = (kind: string): boolean =>
      steps.some((other) => other.spec.kind === kind && other.spec.stage < spec.stage);
    return textsIn(spec.settings).flatMap(({ text, path }) => {
      if (placeOf(spec.kind, path) === 'none') return [];
      const names = placeholdersIn(text);
      const problems: string[] = [];
      if (names.includes('verified') && !isBefore('verify'))
        problems.push('{verified} needs a step "verify" before this one');
      // What is said of a version that was published before takes the notes of that run.
      const note = names.find((name) => name === 'notes' || name === 'notes-url');
      if (note !== undefined && value.line !== 'final' && !isBefore('notes'))
        problems.push(`{${note}} needs a step "notes" before this one`);
      if (names.includes('supported-until') && !hasSupport)
        problems.push('{supported-until} needs a series with "supported"');
      return problems.map((message) => locator.problem(path, message));
    });
  });
}
