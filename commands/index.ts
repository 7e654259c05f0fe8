import type { Verb } from '../src/app/verb.js';
import { adopt } from './adopt.js';
import { answer } from './answer.js';
import { approve } from './approve.js';
import { cancel } from './cancel.js';
import { freeze } from './freeze.js';
import { history } from './history.js';
import { hold } from './hold.js';
import { leaveQueue } from './leave-queue.js';
import { log } from './log.js';
import { notNow } from './not-now.js';
import { notMeToday } from './not-me-today.js';
import { operation } from './operation.js';
import { pause } from './pause.js';
import { plan } from './plan.js';
import { point } from './point.js';
import { reject } from './reject.js';
import { resume } from './resume.js';
import { resumeEverything } from './resume-everything.js';
import { retry } from './retry.js';
import { skip } from './skip.js';
import { status } from './status.js';
import { stopEverything } from './stop-everything.js';
import { unfreeze } from './unfreeze.js';
import { unhold } from './unhold.js';
import { unpoint } from './unpoint.js';
import { verify } from './verify.js';
import { version } from './version.js';
import { where } from './where.js';
import { withdraw } from './withdraw.js';

/** What people can say, in the order that help shows. */
export const verbs: readonly Verb[] = [
  operation,
  plan,
  status,
  approve,
  withdraw,
  reject,
  hold,
  unhold,
  retry,
  answer,
  skip,
  pause,
  resume,
  cancel,
  leaveQueue,
  notNow,
  notMeToday,
  stopEverything,
  resumeEverything,
  point,
  unpoint,
  freeze,
  unfreeze,
  adopt,
  where,
  history,
  version,
  log,
  verify,
];
