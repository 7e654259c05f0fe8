import { describeProblems } from './problems.js';
import type { Problem } from './problems.js';
import { build, isWithin } from './world.js';
import type { Unit, World } from './world.js';

/**
 * What is wrong after some units were added to a world that was right without them. What a unit says wrong is told in it;
 * what it breaks elsewhere is told at it, with the other place behind.
 * @param prove what is wrong in a world
 */
export function attribute(
  base: World,
  units: readonly Unit[],
  problems: readonly Problem[],
  prove: (world: World) => Problem[],
): Problem[] {
  const isOwn = ({ file, path }: Problem): boolean => units.some((unit) => isWithin(unit.at, file, path));
  const foreign = problems.filter((problem) => !isOwn(problem));
  if (foreign.length === 0) return [...problems];

  const broken = new Map<number, Set<string>>();
  const isBroken = (key: string, count: number): boolean => {
    const found = broken.get(count) ?? new Set(prove(build(base, units.slice(0, count))).map(keyOf));
    broken.set(count, found);
    return found.has(key);
  };
  /** The unit that brings a problem: it is not there without it, and there with it. */
  const culprit = (problem: Problem): Unit | undefined => {
    const key = keyOf(problem);
    let [right, wrong] = [0, units.length];
    while (wrong - right > 1) {
      const middle = Math.floor((right + wrong) / 2);
      if (isBroken(key, middle)) wrong = middle;
      else right = middle;
    }
    return units[wrong - 1];
  };
  return problems.map((problem) => {
    const unit = isOwn(problem) ? undefined : culprit(problem);
    if (unit === undefined) return problem;
    const { file, line, column, message } = problem;
    const shown = `after this change: ${message} (${file}:${line}:${column})`;
    return unit.at.yaml.problem(unit.at.path, shown, 'key');
  });
}

function keyOf(problem: Problem): string {
  return describeProblems([problem]).join('');
}
