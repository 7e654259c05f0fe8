import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { verbs } from '../../commands/index.js';
import { openPrivateListener, type PrivateListener } from '../../src/web/private-listener.js';
import { practiceOf } from '../../src/sandbox/practice.js';
import { openRoom, type Room, type RoomOptions } from '../conversation/room.js';

/** A sandbox with its bot, its private listener, and browsers of people. */
export interface Workspace {
  room: Room;
  /** `http://127.0.0.1:4774` */
  address: string;
  /** A browser of its own, in which the person stands in a room. */
  open(person: string, options?: OpenOptions): Promise<Page>;
  /** A browser of its own that has never been here. */
  stranger(options?: BrowserContextOptions): Promise<Page>;
  /** The first candidate is published, and the room shows it. */
  candidate(): Promise<void>;
  /** Its promotion waits for approval, asked by ana; returns the run. */
  question(): Promise<string>;
  /** Stops the listener, as a crash of its process would look to browsers. */
  down(): Promise<void>;
  /** Starts it again on the same port. */
  up(): Promise<void>;
  /** Ends everything, and returns what pages did that no page may do: errors, dialogs, requests to others. */
  close(): Promise<string[]>;
}

/** What a browser may have otherwise. */
export interface OpenOptions extends BrowserContextOptions {
  /** Where the page begins: the room of the project if nothing is said. */
  path?: string;
  phone?: boolean;
}

/** The size of a desktop window and of a phone, in CSS pixels. */
export const sizes = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 780 } };

/** Opens a workspace over a new sandbox. */
export async function openWorkspace(browser: Browser, options: RoomOptions = {}): Promise<Workspace> {
  const room = await openRoom({ process: 'preset', ...options });
  const practice = await practiceOf(room.opened, process.env['PATH'] ?? '');
  const listen = (port: number): Promise<PrivateListener> =>
    openPrivateListener({ opened: room.opened, verbs, practice, port });
  let listener: PrivateListener | undefined = await listen(0);
  const { port } = listener;
  const address = `http://127.0.0.1:${port}`;
  const contexts: BrowserContext[] = [];
  const offences: string[] = [];

  const context = async (more: BrowserContextOptions): Promise<BrowserContext> => {
    const made = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', ...more });
    contexts.push(made);
    made.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${address}/`) && !url.startsWith('data:')) offences.push(`request to ${url}`);
    });
    made.on('page', (page) => {
      page.on('pageerror', (error) => offences.push(`error: ${error.message}`));
      page.on('dialog', (dialog) => {
        offences.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('console', (message) => {
        // The browser itself writes a line for every answer of 4xx; and a lost connection is no fault of the page.
        const isAnswer = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !isAnswer) offences.push(`console: ${message.text()}`);
      });
    });
    return made;
  };

  return {
    room,
    address,
    async open(person, { path = '/rooms/rel-kestrel', phone = false, ...more } = {}) {
      if (listener === undefined) throw new Error('the listener is down');
      const own = await context({ viewport: phone ? sizes.phone : sizes.desktop, ...more });
      const page = await own.newPage();
      await page.goto(listener.newAddress());
      await page.goto(`${address}${path}?as=${person}`);
      return page;
    },
    async stranger(more = {}) {
      return (await context({ viewport: sizes.desktop, ...more })).newPage();
    },
    async candidate() {
      await room.over(await room.starts('ana', 'release cut'));
      await room.shown();
    },
    async question() {
      const run = await room.starts('ana', 'release promote');
      await room.seal(run);
      await room.shown();
      return run;
    },
    async down() {
      await listener?.stop();
      listener = undefined;
    },
    async up() {
      listener = await listen(port);
    },
    async close() {
      await Promise.all(contexts.map((one) => one.close()));
      await listener?.stop();
      await room.stop(0);
      return offences;
    },
  };
}
