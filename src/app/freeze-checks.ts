import type { YamlText } from '../process/position.js';
import type { Problem } from '../process/problems.js';
import { unknown } from '../process/prove-names.js';
import type { Installation } from './installation.js';

/** A freeze that names nothing that is there, or never holds. */
export function freezeProblems({ freezes, projects }: Installation, yaml: YamlText): Problem[] {
  const all = Object.values(projects);
  return freezes.flatMap((freeze, index) => {
    const path = ['freezes', index];
    const { window, blocks } = freeze;
    const problems = (freeze.projects ?? []).flatMap((name, place) =>
      unknown('project', name, Object.keys(projects), [...path, 'projects', place], yaml),
    );
    if (window.kind === 'dated' && window.to <= window.from)
      problems.push(yaml.problem([...path, 'to'], 'it ends before it begins'));
    if (window.kind === 'weekly' && window.to === window.from)
      problems.push(
        yaml.problem([...path, 'every', 'to'], 'it ends where it begins: say "from" and "to" of one week'),
      );
    if (blocks === 'all' || all.length === 0) return problems;
    const operations = all
      .filter(({ name }) => freeze.projects?.includes(name) ?? true)
      .flatMap(({ process }) => Object.keys(process.operations));
    for (const [place, name] of blocks.entries())
      problems.push(...unknown('operation', name, operations, [...path, 'blocks', place], yaml));
    return problems;
  });
}
