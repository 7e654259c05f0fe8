import type { StepSpec } from './process-file.js';

/** The step that brings lock files after the version files, right before the commit that takes them in. */
function followStep(commit: StepSpec, stage: number): StepSpec {
  return {
    id: `${commit.id}-follow`,
    kind: 'follow',
    stage,
    settings: {},
    timeoutMs: commit.timeoutMs,
    skippable: false,
    runsOn: commit.runsOn,
  };
}

/**
 * The steps with one of kind `follow` before each commit of the version. A step of its own, because what a program
 * writes may differ from time to time: its files are kept as outputs, and the commit stays a function of the journal.
 * @param follow the commands of the process; without any the steps stay as they are
 */
export function insertFollow(
  steps: readonly StepSpec[],
  follow: readonly (readonly string[])[],
): readonly StepSpec[] {
  if (follow.length === 0) return steps;
  const inserted: StepSpec[] = [];
  let shift = 0;
  for (const stage of new Set(steps.map((step) => step.stage))) {
    const here = steps.filter((step) => step.stage === stage);
    const commits = here.filter(writesVersion);
    if (commits.length > 0) {
      inserted.push(...commits.map((commit) => followStep(commit, stage + shift)));
      shift += 1;
    }
    inserted.push(...here.map((step) => ({ ...step, stage: stage + shift })));
  }
  return inserted;
}

function writesVersion({ kind, settings }: StepSpec): boolean {
  if (kind !== 'commit' || typeof settings !== 'object' || settings === null || Array.isArray(settings))
    return false;
  return settings['version'] === true;
}
