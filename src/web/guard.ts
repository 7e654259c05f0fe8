import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie } from 'hono/cookie';
import { SlipwayError } from '../error.js';
import { contentSecurityPolicy } from './pages.js';
import { problem } from './problem.js';
import type { Sessions } from './sessions.js';

/** The largest body of a request, in bytes. */
const bodyBytes = 64 * 1024;

/** Headers of every answer. Nothing is kept by the browser, framed, guessed, or told to other sites. */
export const safeHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const headers = {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  };
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  if (c.res.headers.get('cache-control') === null) c.header('cache-control', 'no-store');
};

/**
 * Refuses what does not come from our own page: another Host is a name that somebody pointed at this machine (DNS
 * rebinding), another Origin is another site. What changes something, and the stream of events, must prove that it is
 * ours; browsers send Origin with the first and Sec-Fetch-Site with the second.
 */
export function ownPagesOnly(host: () => string): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.header('host') !== host()) {
      return problem(
        c,
        new SlipwayError('not-allowed', 'This is not the address of Slipway.', {
          hint: `Nothing was done. Open http://${host()}/`,
        }),
        421,
      );
    }
    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    const isOwn = origin === `http://${host()}` || (origin === undefined && site === 'same-origin');
    const isForeign =
      (origin !== undefined && !isOwn) || (c.req.path.startsWith('/api/') && isOtherSite(site));
    const mustProve = !isLooking(c) || c.req.path === '/api/events';
    if (isForeign || (mustProve && !isOwn)) {
      return problem(
        c,
        new SlipwayError('not-allowed', 'This request does not come from a page of Slipway.', {
          hint: 'Nothing was done.',
        }),
      );
    }
    return next();
  };
}

const isLooking = (c: Context): boolean => c.req.method === 'GET' || c.req.method === 'HEAD';

/** `none` is a person who typed the address. */
const isOtherSite = (site: string | undefined): boolean =>
  site !== undefined && site !== 'same-origin' && site !== 'none';

/** Lets in only who has the cookie of a session. */
export function knownBrowsersOnly(cookie: string, sessions: Sessions): MiddlewareHandler {
  return async (c, next) => {
    if (sessions.knows(getCookie(c, cookie) ?? '')) return next();
    return problem(
      c,
      new SlipwayError('not-allowed', 'This browser is not known here, or not any more.', {
        hint: 'Get a new address in the terminal: slipway open. It can be opened once, for 10 minutes.',
      }),
      401,
    );
  };
}

const tooLong = new SlipwayError('command-invalid', `A request has at most ${bodyBytes} bytes.`, {
  hint: 'Nothing was started.',
});

const limited = bodyLimit({ maxSize: bodyBytes, onError: (c) => problem(c, tooLong, 413) });

/** Reads bodies only if they are JSON, and at most 64 KB. A form of another site cannot send that type. */
export const smallJsonOnly: MiddlewareHandler = async (c, next) => {
  if (isLooking(c)) return next();
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return limited(c, next);
  return problem(
    c,
    new SlipwayError('command-invalid', 'A request is sent as application/json.', {
      hint: 'Nothing was started.',
    }),
    415,
  );
};
