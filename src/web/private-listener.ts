import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Server } from 'node:http';
import { join } from 'node:path';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Practice } from '../app/practice.js';
import type { Listening } from '../app/talk/talk.js';
import { asSlipwayError, SlipwayError } from '../error.js';
import { ownPackage } from '../package.js';
import { knownBrowsersOnly, ownPagesOnly, safeHeaders, smallJsonOnly } from './guard.js';
import { openLive } from './live.js';
import { oneTimeTokens, type Chance } from './one-time-address.js';
import { workspacePage } from './pages.js';
import { problem } from './problem.js';
import { runApi } from './run-api.js';
import { openSessions } from './sessions.js';
import { staticFiles } from './static-files.js';
import { workspaceApi } from './workspace-api.js';

/** The port that is tried first. */
export const usualPort = 4774;
/** How many ports are tried, one after the other, before the system chooses one. */
const tries = 20;
/** How many connections there can be at once. */
const mostConnections = 200;

/** The web server of this machine: the local workspace and the pages of runs, on 127.0.0.1 only. */
export interface PrivateListener {
  port: number;
  /** A new address that opens the workspace once, within 10 minutes. */
  newAddress(): string;
  stop(): Promise<void>;
}

interface ListenerOptions extends Listening {
  practice?: Practice | undefined;
  /** Tried first. */
  port?: number;
  chance?: Chance;
}

/** Starts to listen; the next free port if the first is taken. */
export async function openPrivateListener(options: ListenerOptions): Promise<PrivateListener> {
  const { opened, verbs, practice, port: first = usualPort } = options;
  const chance = options.chance ?? { now: opened.engine.clock.now, random: randomBytes };
  const sessions = await openSessions(join(opened.data, 'web', 'sessions.json'), chance);
  const tokens = oneTimeTokens(chance);
  const { name } = await opened.installation();
  // Cookies know no ports: two installations on one machine must not take each other's.
  const cookie = `slipway_${name}_${createHash('sha256').update(opened.data).digest('hex').slice(0, 8)}`;
  const live = openLive(opened, opened.engine.warn);
  const boot = randomUUID();
  let port = 0;
  const host = (): string => `127.0.0.1:${port}`;

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(safeHeaders, ownPagesOnly(host));
  app.get('/open/:token', async (c) => {
    // Who only looks whether there is something, or loads it in advance, must not use the address up.
    if (c.req.method === 'HEAD' || c.req.header('sec-purpose') !== undefined) return c.body(null, 204);
    const isKnown = sessions.knows(getCookie(c, cookie) ?? '');
    const opens = tokens.take(c.req.param('token'));
    if (!opens && !isKnown) return problem(c, usedUp, 401);
    if (opens) {
      setCookie(c, cookie, await sessions.begin(), {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        maxAge: 30 * 24 * 60 * 60,
      });
    }
    return c.redirect('/', 303);
  });
  app.route('/', staticFiles());
  app.use(knownBrowsersOnly(cookie, sessions), smallJsonOnly);
  for (const path of ['/', '/rooms/:room', '/rooms/:room/:marker', '/runs/:run'])
    app.get(path, (c) => c.html(workspacePage));
  app.get('/api/events', async (c) => {
    // Nobody reads a stream behind an answer without a body, so it would never end.
    if (c.req.method === 'HEAD') return c.body(null, 204);
    const stream = await live.open(boot, () => c.env.outgoing.destroy());
    if (stream === undefined) return problem(c, tooMany);
    return c.body(stream, 200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  });
  app.route('/api/runs', runApi(opened));
  app.route('/api', workspaceApi({ opened, verbs, practice, boot, version: ownPackage().version }));
  app.notFound((c) => problem(c, new SlipwayError('not-found', 'There is nothing at this address.')));
  app.onError((error, c) => {
    const known = asSlipwayError(error);
    if (known.code === 'internal') opened.engine.warn(`${c.req.method} ${c.req.path} failed`, error);
    return problem(c, known);
  });

  const server = createAdaptorServer({
    fetch: app.fetch,
    hostname: '127.0.0.1',
    serverOptions: { headersTimeout: 10_000, requestTimeout: 30_000 },
  });
  if (!(server instanceof Server)) throw new SlipwayError('internal', 'This is no HTTP server.');
  server.maxConnections = mostConnections;
  port = await listenOn(server, first);
  return {
    port,
    newAddress: () => `http://${host()}/open/${tokens.make()}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      await live.stop();
      server.closeAllConnections();
      await closed;
    },
  };
}

const usedUp = new SlipwayError(
  'not-allowed',
  'This address was opened before, or is older than 10 minutes.',
  {
    hint: 'Get a new one in the terminal: slipway open',
  },
);

const tooMany = new SlipwayError('rate-limited', 'Too many browsers listen at once.', {
  hint: 'Close other tabs of Slipway and load this page again.',
});

/** The first free port from here on; any free one where all are taken. */
async function listenOn(server: Server, first: number): Promise<number> {
  const ports = [
    ...Array.from({ length: tries }, (_, more) => first + more).filter((one) => one < 65_536),
    0,
  ];
  for (const port of first === 0 ? [0] : ports) {
    const isFree = await new Promise<boolean>((resolve, refuse) => {
      const failed = (error: NodeJS.ErrnoException): void => {
        server.off('listening', listening);
        if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
        else refuse(error);
      };
      const listening = (): void => {
        server.off('error', failed);
        resolve(true);
      };
      server.once('error', failed);
      server.once('listening', listening);
      server.listen(port, '127.0.0.1');
    });
    const address = server.address();
    if (isFree && address !== null && typeof address === 'object') return address.port;
  }
  throw new SlipwayError('refused', 'No port is free on 127.0.0.1.', {
    hint: 'The bot runs without the workspace: slipway start --no-web.',
  });
}
