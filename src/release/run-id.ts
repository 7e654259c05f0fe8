/** `<project>_<target>`: the name of a release line's journal. */
export function lineId(project: string, target: string): string {
  return `${project}_${target}`;
}

/** `<project>_<target>_<operation>_<n>`: n counts the runs of that operation on that line, from 1. */
export function runId(project: string, target: string, operation: string, n: number): string {
  return `${lineId(project, target)}_${operation}_${n}`;
}

/** Whether a run (from a commit's trailer, say) belongs to the same line and operation. */
export function isSameLineAndOperation(run: string, other: string): boolean {
  const without = (id: string): string => id.slice(0, id.lastIndexOf('_'));
  return without(run) === without(other);
}

/** `latest-at-1a2b3c4d5e6f`: what stands for the target of an operation outside of all release lines. */
export function commitTarget(operation: string, commit: string): string {
  return `${operation}-at-${commit.slice(0, 12)}`;
}

/** Whether a target is that of a commit and no version. No version of any scheme is written like this. */
export function isCommitTarget(target: string): boolean {
  return /^[a-z][a-z0-9-]*-at-[0-9a-f]{12}$/.test(target);
}

/** Project and target of a line's id: names of projects hold no `_`. */
export function partsOfLine(id: string): { project: string; target: string } {
  const at = id.indexOf('_');
  return { project: id.slice(0, at), target: id.slice(at + 1) };
}

/** The line that a run belongs to, by the run's id. '' where it is no id of a run. */
export function lineOfRun(run: string): string {
  return /^([^_]+_.+)_[^_]+_[0-9]+$/.exec(run)?.[1] ?? '';
}
