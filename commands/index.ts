import type { Verb } from '../src/app/verb.js';
import { answer } from './answer.js';
import { approve } from './approve.js';
import { cancel } from './cancel.js';
import { log } from './log.js';
import { operation } from './operation.js';
import { pause } from './pause.js';
import { reject } from './reject.js';
import { resume } from './resume.js';
import { retry } from './retry.js';
import { skip } from './skip.js';
import { status } from './status.js';
import { verify } from './verify.js';
import { withdraw } from './withdraw.js';

/** What people can say, in the order that help shows. */
export const verbs: readonly Verb[] = [
  operation,
  status,
  approve,
  withdraw,
  reject,
  retry,
  answer,
  skip,
  pause,
  resume,
  cancel,
  log,
  verify,
];
