import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { environment } from '../services/git-origin.js';

/** A smart http server for git on this machine. */
export interface GitHttp {
  url(name: string): string;
  /** The logins that it was sent, decoded, in order; '' for a request without one. */
  logins: string[];
  stop(): Promise<void>;
}

/** What answers instead of git. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(answer: Answer): Promise<GitHttp> {
  const logins: string[] = [];
  const server = createServer((request, response) => {
    const sent = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    logins.push(Buffer.from(sent, 'base64').toString());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: (name) => `http://127.0.0.1:${port}/${name}`,
    logins,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Hands a request to `git http-backend` as a web server would. */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const header = (name: string): string => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...environment,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'x',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // git may end without reading everything.
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => parts.push(chunk));
  child.on('close', () => {
    const all = Buffer.concat(parts);
    const end = all.indexOf('\r\n\r\n');
    for (const line of all.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(all.subarray(end + 4));
  });
}

/** Serves the repositories under `root`, to whoever sends this `user:password`. `look` is called at every request. */
export function startHttp(root: string, login: string, look?: () => void): Promise<GitHttp> {
  const expected = `Basic ${Buffer.from(login).toString('base64')}`;
  return listen((request, response) => {
    look?.();
    if (request.headers.authorization === expected) backend(root, request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
  });
}

/** Leads every request to the same path of another server. */
export function startRedirect(to: (path: string) => string): Promise<GitHttp> {
  return listen((request, response) => {
    response.writeHead(302, { location: to((request.url ?? '/').slice(1)) }).end();
  });
}

/** Asks for a login, and answers with what it was sent. */
export function startEcho(): Promise<GitHttp> {
  return listen((request, response) => {
    const sent = request.headers.authorization ?? '';
    const head = sent === '' ? { 'www-authenticate': 'Basic realm="test"' } : {};
    response.writeHead(sent === '' ? 401 : 403, { 'content-type': 'text/plain', ...head });
    response.end(`you sent ${sent}\n`);
  });
}

/** Takes requests and never answers. */
export function startSilent(): Promise<GitHttp> {
  return listen(() => undefined);
}
