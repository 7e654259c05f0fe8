import { plain } from './plain.js';

/** Something that slipway.yaml says and this Slipway does not do: where it is said, and what happens instead. */
export interface NotEnforced {
  at: string;
  text: string;
}

/** A rule of a gate, with the people that it means today. */
export interface RuleSummary {
  /** What it speaks of, in the words of the file; '' is everything. */
  when: string;
  need: number;
  of: string[];
  eachOf: string[];
  /** Names of who could vote. */
  people: string[];
}

/** A gate of an operation: who can open it, and which releases nobody can approve. */
export interface GateSummary {
  step: string;
  rules: RuleSummary[];
  requesterMayVote: boolean;
  protects: string[];
  /** Versions of which series no rule speaks; [] where every release has a rule. */
  nobody: { series: string; versions: string }[];
}

/** An operation as `validate` tells it. */
export interface OperationSummary {
  name: string;
  about: string;
  line: string;
  steps: string[];
  /** Names of who may start it, and the roles of which somebody else must agree. */
  starts: string[];
  confirm: string[];
  gates: GateSummary[];
  /** What of it this Slipway cannot run yet. */
  gaps: string[];
}

/** A project, or a process alone. */
export interface ProcessSummary {
  name: string;
  process: string;
  variants: string[];
  operations: OperationSummary[];
}

/** Everything that is right in an installation, in short. */
export interface InstallationSummary {
  file: string;
  name: string;
  people: number;
  projects: ProcessSummary[];
  notEnforced: NotEnforced[];
}

/** What was found: all that is wrong, or what a file says. */
export type ValidatedView =
  { problems: readonly Place[] } | { installation: InstallationSummary } | { process: ProcessSummary };

/** Something wrong, at its place in a file. */
interface Place {
  file: string;
  line: number;
  column: number;
  message: string;
}

/** What `validate` says: a line for each thing that is wrong, or the file in short. */
export function validated(view: ValidatedView): string[] {
  if ('problems' in view) return wrong(view.problems);
  if ('process' in view) return [`✅ ${processLine(view.process)}`, ...operationLines(view.process, false)];
  const { name, file, projects, people, notEnforced } = view.installation;
  const notes = notEnforced.map(({ at, text }) => `not enforced yet: ${at}: ${text}`);
  return [
    `✅ ${plain(file)} is right: ${name}, ${counted(projects.length, 'project')}, ${counted(people, 'person', 'people')}.`,
    ...projects.flatMap((project) => ['', processLine(project), ...operationLines(project, true)]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ];
}

function wrong(problems: readonly Place[]): string[] {
  const lines = [
    ...new Set(problems.map((it) => `${plain(it.file)}:${it.line}:${it.column}: ${plain(it.message)}`)),
  ];
  return [...lines, `❌ ${counted(lines.length, 'thing is', 'things are')} wrong. Nothing was changed.`];
}

function processLine({ name, process, variants }: ProcessSummary): string {
  const own = name === process ? name : `${name}: ${process}`;
  return variants.length === 0 ? own : `${own} (variants: ${variants.join(', ')})`;
}

function operationLines({ operations }: ProcessSummary, hasPeople: boolean): string[] {
  return operations.flatMap((operation) => [
    `  ${operation.name} (${operation.line}): ${operation.steps.join(', ')}`,
    ...(hasPeople ? [`    started by ${startersOf(operation)}`] : []),
    ...operation.gates.flatMap((gate) => (hasPeople ? gateLines(gate) : [])),
    ...operation.gaps.map((gap) => `    not runnable yet: ${plain(gap)}`),
  ]);
}

function startersOf({ starts, confirm }: OperationSummary): string {
  const who = starts.map(plain).join(', ') || 'nobody';
  return confirm.length === 0 ? who : `${who}; a second person agrees before: ${confirm.join(' or ')}`;
}

function gateLines({ step, rules, requesterMayVote, protects, nobody }: GateSummary): string[] {
  const lines = rules.map(({ when, need, of, eachOf, people }) => {
    const must = eachOf.length === 0 ? '' : `, among them one of ${eachOf.join(' and one of ')}`;
    const who = people.map(plain).join(', ') || 'nobody';
    return `    ${step}${when === '' ? '' : ` (${plain(when)})`}: ${need} of ${of.join(', ')}${must}: ${who}`;
  });
  return [
    ...lines,
    ...nobody.map(
      ({ series, versions }) =>
        `    ⚠️ ${step}: nobody can approve ${versions === 'every version' ? 'any version' : versions}${series === 'main' ? '' : ` of the series ${series}`}: no rule speaks of it`,
    ),
    ...(requesterMayVote ? [`    ⚠️ ${step}: who asks may approve it too`] : []),
    ...(protects.length === 0 ? [] : [`    ${step} comes before ${protects.join(', ')}`]),
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
