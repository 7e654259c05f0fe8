// Draws the pictures of the README from the running product: `npm run pictures`.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { chromiumHere, launchChromium } from '../test/browser/chromium.js';
import { openWorkspace, type OpenOptions, type Workspace } from '../test/browser/workspace.js';
import { removeSandboxes, type Room } from '../test/conversation/room.js';

const folder = resolve(import.meta.dirname, '..', 'docs', 'pictures');
const desktop: OpenOptions = { viewport: { width: 1120, height: 760 } };

const executable = chromiumHere();
if (executable === undefined) throw new Error('Pictures need chromium on PATH.');
await mkdir(folder, { recursive: true });
const browser = await launchChromium(executable);
const workspaces: Workspace[] = [];
try {
  const fresh = async (): Promise<Workspace> => {
    const one = await openWorkspace(browser);
    workspaces.push(one);
    return one;
  };
  await running(await fresh());
  await promoted(await fresh());
} finally {
  for (const one of workspaces) await one.close();
  await browser.close();
  await removeSandboxes();
}

/** A cut while it builds: its board, and the page of its run. */
async function running(workspace: Workspace): Promise<void> {
  const { room } = workspace;
  await adopt(room);
  const says = 'console.log("Packing 14 files."); setInterval(() => undefined, 1000)';
  await room.set('kestrel.yml', ['patch', 'build', 'run'], ['node', '-e', says]);
  const page = await workspace.open('ana', desktop);
  await say(page, '/release cut');
  await page.getByText('Build · running').waitFor();
  await take(page, 'board-running');
  await page.goto(`${workspace.address}/runs/kestrel_0.44.0_cut_1`);
  await page.getByRole('heading', { name: 'Journal' }).waitFor();
  await take(page, 'run-page');
  await room.says('ana', 'cancel kestrel_0.44.0_cut_1');
  await room.over('kestrel_0.44.0_cut_1', 'cancelled');
}

/** A promotion: its question, on a desk, in the dark and on a phone; what was promoted, and the announcement. */
async function promoted(workspace: Workspace): Promise<void> {
  const { room } = workspace;
  await adopt(room);
  await workspace.candidate();
  const run = await workspace.question();
  const question = { name: /^Approve kestrel/ };
  const places: [string, OpenOptions][] = [
    ['question', desktop],
    ['dark', { ...desktop, colorScheme: 'dark' }],
    ['phone', { phone: true }],
  ];
  for (const [name, options] of places) {
    const page = await workspace.open('ben', options);
    await page.getByRole('heading', question).scrollIntoViewIfNeeded();
    await take(page, name);
  }
  await room.says('ben', `approve ${run} --seal ${await room.seal(run)}`);
  await room.over(run);
  await room.shown();
  const page = await workspace.open('ana', desktop);
  await page.getByRole('heading', { name: /released to stable/ }).waitFor();
  await take(page, 'promoted');
  await page.goto(`${workspace.address}/rooms/eng-process`);
  await page.getByText('Kestrel 0.44.0 is stable.').waitFor();
  await take(page, 'announcement');
}

/** What was released by hand before is taken over. */
async function adopt(room: Room): Promise<void> {
  const { lines } = await room.says('ana', 'adopt');
  const [confirm = ''] = /[0-9A-F]{4}(-[0-9A-F]{4}){3}/.exec(lines.join('\n')) ?? [];
  await room.says('ana', `adopt --project kestrel --confirm ${confirm}`);
}

async function say(page: Page, line: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message #/ });
  await composer.fill(line);
  await composer.press('Enter');
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
