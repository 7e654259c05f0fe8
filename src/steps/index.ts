import { announce } from './announce.js';
import { approve } from './approve.js';
import { branch } from './branch.js';
import { channel } from './channel.js';
import { cherryPick } from './cherry-pick.js';
import { commit } from './commit.js';
import { follow } from './follow.js';
import { notes } from './notes.js';
import { push } from './push.js';
import { run } from './run.js';
import type { AnyStepKind } from './step.js';
import { store } from './store.js';
import { tag } from './tag.js';
import { wait } from './wait.js';

/** All step kinds, in the order in which a release uses them. */
export const stepKinds: readonly AnyStepKind[] = [
  branch,
  cherryPick,
  notes,
  follow,
  commit,
  run,
  approve,
  wait,
  push,
  store,
  tag,
  channel,
  announce,
];
