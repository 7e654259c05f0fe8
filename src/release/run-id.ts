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
