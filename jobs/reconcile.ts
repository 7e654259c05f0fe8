import type { Engine } from '../src/engine/engine.js';
import { reconcile as reconcileAll, type Reconciled } from '../src/engine/reconcile.js';

/** Wakes everything that is open: at start and after the queue forgot us. In between, only what could move. */
export async function reconcile(
  engine: Engine,
  which: 'everything' | 'what-could-move' = 'everything',
): Promise<Reconciled> {
  return reconcileAll(engine, which);
}
