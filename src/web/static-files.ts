import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Hono } from 'hono';
import { SlipwayError } from '../error.js';
import { ownPackage } from '../package.js';
import { problem } from './problem.js';

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** A name in the client's one folder, never a path. */
const clientFile = /^[a-z0-9][a-z0-9-]*\.(js|css|svg)$/;

/** What the browser runs: our client as it is written, and the two modules of Preact that it imports. */
export function staticFiles(): Hono {
  const folder = join(ownPackage().folder, 'src', 'web', 'client');
  const { resolve } = createRequire(import.meta.url);
  const vendor: Record<string, string> = {
    'preact.mjs': resolve('preact'),
    'preact-hooks.mjs': resolve('preact/hooks'),
  };
  const send = async (file: string | undefined, type: string | undefined): Promise<Response | undefined> => {
    if (file === undefined || type === undefined) return undefined;
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes === undefined) return undefined;
    return new Response(new Uint8Array(bytes), {
      headers: { 'content-type': type, 'cache-control': 'no-cache' },
    });
  };
  const missing = new SlipwayError('not-found', 'There is no such file.');
  const app = new Hono();
  app.get('/client/:name', async (c) => {
    const name = c.req.param('name');
    const ending = clientFile.exec(name)?.[1];
    const file = ending === undefined ? undefined : join(folder, name);
    return (await send(file, types[ending ?? ''])) ?? problem(c, missing);
  });
  app.get('/vendor/:name', async (c) => {
    const name = c.req.param('name');
    const file = Object.hasOwn(vendor, name) ? vendor[name] : undefined;
    return (await send(file, types['js'])) ?? problem(c, missing);
  });
  return app;
}
