import { createServer, request, type Server } from 'node:http';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { asSlipwayError, SlipwayError, type ErrorCode } from '../error.js';

const limit = 256 * 1024;
/** How long an answer may take, in ms: an act may have to ask a remote repository first. */
const askMs = 60_000;
/** The kernel's limit of a socket path is 108 bytes on Linux and 104 on macOS, with the final zero. */
const pathLimit = 100;

/** Where the owner of a data folder listens: in the folder, or under a name derived from it where that would be too long. */
export function socketPath(data: string): string {
  const near = join(data, 'run', 'slipway.sock');
  if (Buffer.byteLength(near) <= pathLimit) return near;
  return join(
    tmpdir(),
    `slipway-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`,
    'slipway.sock',
  );
}

/** Answers one kind of request; a request is one JSON value, an answer too. */
export type Handle = (body: unknown) => Promise<unknown>;

/** What the owner can be asked: `/` is something that is said to the bot. */
export type Handles = Map<string, Handle>;

/**
 * Answers requests of this user on a unix socket that nobody else can open (0600 in a folder of 0700). What is in
 * `handles` is looked up at each request.
 */
export async function listen(path: string, handles: Handles): Promise<Server> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  await rm(path, { force: true });
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    let size = 0;
    const reply = (status: number, body: unknown): void => {
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    incoming.on('data', (part: Buffer) => {
      size += part.length;
      if (size > limit) incoming.destroy();
      else parts.push(part);
    });
    incoming.on('end', () => {
      void (async () => {
        try {
          const handle = handles.get(incoming.url ?? '/');
          if (handle === undefined) throw notAnswered;
          reply(200, await handle(JSON.parse(Buffer.concat(parts).toString('utf8'))));
        } catch (error) {
          const { code, message, hint } = asSlipwayError(error);
          reply(500, { code, message, hint });
        }
      })();
    });
  });
  await new Promise<void>((resolve, refuse) => {
    server.once('error', refuse);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return server;
}

/**
 * Asks the owner. undefined: nobody listens.
 * @throws SlipwayError what the owner answered, not-found where he does not know what is asked, or that no answer came
 */
export async function ask(path: string, body: unknown, what = '/'): Promise<unknown> {
  return new Promise((resolve, refuse) => {
    const outgoing = request({ socketPath: path, method: 'POST', path: what }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', () => refuse(lost()));
      incoming.on('end', () => {
        try {
          const answer: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
          if (incoming.statusCode === 200) resolve(answer);
          else refuse(errorOf(answer));
        } catch {
          refuse(lost());
        }
      });
    });
    outgoing.setTimeout(askMs, () => outgoing.destroy());
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else if (error.code === 'EACCES') refuse(foreign(path));
      else refuse(lost());
    });
    outgoing.end(JSON.stringify(body));
  });
}

function foreign(path: string): SlipwayError {
  return new SlipwayError(
    'not-allowed',
    `The owner of this installation is another user: ${path} is closed to you.`,
    {
      hint: 'Nothing was started. Say it as that user.',
    },
  );
}

function lost(): SlipwayError {
  return new SlipwayError('journal-unreachable', 'Not confirmed: the owner stopped, or did not answer.', {
    hint: 'It may have been recorded; look with slipway status before you ask again.',
  });
}

const notAnswered = new SlipwayError('not-found', 'The slipway that runs here does not answer that.', {
  hint: 'It is an older one, or was started with --no-web.',
});

/** What the owner answers that is no bug of his. */
const passedOn: readonly ErrorCode[] = ['journal-unreachable', 'not-found'];

function errorOf(answer: unknown): SlipwayError {
  const fields: Record<string, unknown> = typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const code = passedOn.find((one) => one === text('code')) ?? 'internal';
  return new SlipwayError(code, text('message') || 'The owner failed.', { hint: text('hint') });
}
