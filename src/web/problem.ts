import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ErrorCode, SlipwayError } from '../error.js';
import { problemPage } from './pages.js';

const statusOf: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  'command-invalid': 400,
  'not-allowed': 403,
  'not-found': 404,
  refused: 409,
  'seal-changed': 409,
  'rate-limited': 429,
  'config-invalid': 503,
  'journal-unreachable': 503,
};

/** What a browser is told instead of what it asked for: JSON below /api, else a page. Never a stack. */
export function problem(c: Context, error: SlipwayError, status?: ContentfulStatusCode): Response {
  const { code, hint } = error;
  // The text of a bug may hold anything; the log has it.
  const message = code === 'internal' ? 'Slipway failed to answer. Its log has the details.' : error.message;
  const answered = status ?? statusOf[code] ?? 500;
  return c.req.path.startsWith('/api/')
    ? c.json({ error: { code, message, hint: code === 'internal' ? '' : hint } }, answered)
    : c.html(problemPage(message, code === 'internal' ? '' : hint), answered);
}
