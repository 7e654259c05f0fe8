import { request, type IncomingHttpHeaders } from 'node:http';
import { randomBytes, randomUUID } from 'node:crypto';
import { verbs } from '../../commands/index.js';
import { openPrivateListener, type PrivateListener } from '../../src/web/private-listener.js';
import { practiceOf } from '../../src/sandbox/practice.js';
import type { Room } from '../conversation/room.js';

/** What came back over HTTP. */
export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json(): unknown;
}

/** An event as it came in. */
export interface Event {
  event: string;
  data: unknown;
}

/** A stream of events that is read. */
export interface Stream {
  status: number;
  events: Event[];
  isOver(): boolean;
  close(): void;
}

/** A browser: it keeps its cookie, and says where its requests come from. */
export interface Browser {
  cookie: string;
  get(path: string, headers?: Record<string, string | undefined>): Promise<Got>;
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Got>;
  listen(headers?: Record<string, string | undefined>): Promise<Stream>;
}

const given = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** One request, as it is written: neither path nor headers are made better. */
export function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string | undefined>,
  body = '',
): Promise<Got> {
  return new Promise((resolve, refuse) => {
    const asked = request(
      { host: '127.0.0.1', port, method, path, headers: given(headers), agent: false },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => (text += part));
        answer.on('error', refuse);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
            json: () => JSON.parse(text),
          }),
        );
      },
    );
    asked.on('error', refuse);
    asked.end(body);
  });
}

/** A browser that has opened an address, or none. */
export async function openBrowser(listener: PrivateListener, address?: string): Promise<Browser> {
  const { port } = listener;
  const origin = `http://127.0.0.1:${port}`;
  const browser: Browser = {
    cookie: '',
    get: (path, headers = {}) => send(port, 'GET', path, { cookie: browser.cookie, ...headers }),
    post: (path, body, headers = {}) =>
      send(
        port,
        'POST',
        path,
        { cookie: browser.cookie, origin, 'content-type': 'application/json', ...headers },
        typeof body === 'string' ? body : JSON.stringify(body),
      ),
    listen: (headers = {}) =>
      new Promise((resolve, refuse) => {
        const asked = request(
          {
            host: '127.0.0.1',
            port,
            path: '/api/events',
            headers: given({ cookie: browser.cookie, 'sec-fetch-site': 'same-origin', ...headers }),
          },
          (answer) => {
            const events: Event[] = [];
            let isOver = false;
            let rest = '';
            answer.setEncoding('utf8');
            answer.on('data', (part: string) => {
              const texts = (rest + part).split('\n\n');
              rest = texts.pop() ?? '';
              for (const text of texts) {
                const found = /^event: (\w+)\ndata: (.*)$/.exec(text);
                if (found !== null) events.push({ event: found[1] ?? '', data: JSON.parse(found[2] ?? '') });
              }
            });
            answer.on('close', () => (isOver = true));
            answer.on('error', () => undefined);
            resolve({
              status: answer.statusCode ?? 0,
              events,
              isOver: () => isOver,
              close: () => asked.destroy(),
            });
          },
        );
        asked.on('error', refuse);
        asked.end();
      }),
  };
  if (address !== undefined) {
    const { headers } = await browser.get(new URL(address).pathname);
    browser.cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }
  return browser;
}

/** The workspace of a room, served at a free port. `aheadMs`: how far its clock is ahead. */
export async function serve(
  room: Room,
  clock: { aheadMs: number } = { aheadMs: 0 },
  port = 0,
): Promise<PrivateListener> {
  const { opened } = room;
  const practice = await practiceOf(opened, process.env['PATH'] ?? '');
  const chance = { now: () => Date.now() + clock.aheadMs, random: randomBytes };
  return openPrivateListener({ opened, verbs, practice, port, chance });
}

/** A browser that is logged in. */
export const logIn = (listener: PrivateListener): Promise<Browser> =>
  openBrowser(listener, listener.newAddress());

/** What somebody says or does, with a request of its own. */
export const by = <More extends object>(
  person: string,
  more: More,
): More & { as: string; request: string } => ({
  as: person,
  request: randomUUID(),
  ...more,
});
