import { checklist, checks, fileHas, issues, require } from './asking.js';
import { advisory, forgeRelease, workflow } from './forge.js';
import { approve, remind, wait } from './gates.js';
import { branch, cherryPick, commit, deleteBranch, push, tag } from './git.js';
import type { Kind } from './kind.js';
import { chart, image, packageKind, sign, verify } from './registries.js';
import { merge, pullRequest } from './review.js';
import { run, shell } from './run.js';
import { channel, store } from './storage.js';
import { announce, correct, notes } from './telling.js';

/** All kinds of steps, in the order in which a release uses them. */
export const kindList: readonly Kind[] = [
  checks,
  issues,
  require,
  fileHas,
  checklist,
  branch,
  cherryPick,
  commit,
  notes,
  pullRequest,
  run,
  shell,
  image,
  approve,
  wait,
  merge,
  push,
  tag,
  store,
  packageKind,
  chart,
  sign,
  forgeRelease,
  workflow,
  advisory,
  verify,
  channel,
  announce,
  correct,
  deleteBranch,
  remind,
];

const byName = new Map(kindList.map((kind) => [kind.name, kind]));

/** A kind by its name; `run` and `shell` are kinds too. */
export function kindOf(name: string): Kind | undefined {
  return byName.get(name);
}
