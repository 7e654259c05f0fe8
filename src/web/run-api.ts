import { Hono } from 'hono';
import { z } from 'zod';
import { logPart, runPage } from '../app/run-page.js';
import type { Opened } from '../app/wire.js';
import { SlipwayError } from '../error.js';
import { isVisibleRun } from './rooms.js';

/** A run or a step by its name, which may be a folder's. */
const Name = z
  .string()
  .max(200)
  .regex(/^[\w.-]*\w[\w.-]*$/);

/** Pages of runs and logs of their steps; only of projects whose releases some room shows to everybody. */
export function runApi(opened: Opened): Hono {
  const visible = async (run: string): Promise<string> => {
    if (isVisibleRun(await opened.installation(), run) && Name.safeParse(run).success) return run;
    throw new SlipwayError('not-found', 'There is no such run here.');
  };
  const app = new Hono();
  app.get('/:run', async (c) => c.json(await runPage(opened, await visible(c.req.param('run')))));
  app.get('/:run/logs/:step', async (c) => {
    const run = await visible(c.req.param('run'));
    const step = Name.safeParse(c.req.param('step')).data;
    if (step === undefined) throw new SlipwayError('not-found', 'There is no such step here.');
    return c.json(await logPart(opened, run, step, c.req.query('from')));
  });
  return app;
}
