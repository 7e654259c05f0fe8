import { advance } from './advance.js';
import { reconcile } from './reconcile.js';
import { refreshBoard } from './refresh-board.js';
import { runStep } from './run-step.js';

/** What bots and workers do, in the order in which a run meets it. */
export const jobs = { reconcile, advance, runStep, refreshBoard };
export type Jobs = typeof jobs;
