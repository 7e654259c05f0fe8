import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openLog } from '../../src/engine/logs.js';
import { inBrowser } from './in-browser.js';
import { card, dialog, expectNoSidewaysScroll, gone, seen } from './room-page.js';
import type { Workspace } from './workspace.js';

/** A cut whose build goes on until it is stopped; returns the run. */
async function building(workspace: Workspace): Promise<string> {
  const { room } = workspace;
  const forever = ['node', '-e', 'setInterval(() => undefined, 1000)'];
  await room.set('kestrel.yml', ['patch', 'build', 'run'], forever);
  const run = await room.starts('ana', 'release cut');
  await room.step(run, 'build', 'claimed');
  return run;
}

/** What its build says from here on. */
async function says(workspace: Workspace, run: string, text: string): Promise<void> {
  const { records, clock } = workspace.room.engine;
  const log = openLog(records, clock, run, 'build', 1);
  log.line(text);
  await log.end();
}

const lines = (page: Page): Locator => page.getByRole('region', { name: 'Lines of the log of Build' });

/** What of an element of a page these tests look at. */
interface Scrolled {
  scrollHeight: number;
  scrollTop: number;
  clientHeight: number;
}

/** How far the log is from its end, in pixels. */
const distanceFromEnd = (page: Page): Promise<number> =>
  lines(page).evaluate((one: Scrolled) => one.scrollHeight - one.scrollTop - one.clientHeight);

inBrowser('the page of a run', (open) => {
  test('tells everything about it, and leads back to its board', async () => {
    const workspace = await open();
    await workspace.candidate();
    const page = await workspace.open('ana', { path: '/runs/kestrel_0.44.0_cut_1' });
    await seen(page.getByRole('heading', { level: 1, name: 'kestrel 0.44.0rc1: cut' }));
    const steps = page.getByRole('region', { name: 'Steps' });
    await seen(steps.getByRole('row', { name: /^Build .* done/ }));
    await seen(page.getByRole('region', { name: 'What it took, and what was built' }).getByText(/sha256:/));
    await steps.getByRole('button', { name: 'Log of Build' }).click();
    await seen(page.getByRole('region', { name: 'Log of Build' }).getByText('== attempt 1'));
    await seen(page.getByText('This is the whole log.'));
    const journal = page.getByRole('region', { name: 'Journal' });
    await journal.getByText(/^run\.created/).click();
    await seen(journal.getByText('"type": "run.created"'));
    await seen(page.getByText('The run is over. There is nothing to cancel.'));
    await page.getByRole('link', { name: 'Board in #rel-kestrel' }).click();
    await seen(card(page, /^kestrel 0\.44\.0rc1: ready/));
    expect(new URL(page.url()).pathname).toBe('/rooms/rel-kestrel/kestrel_0.44.0_cut_1_board');
  });

  test('moves while it runs: its log follows who stands at the end, and cancel ends it', async () => {
    const workspace = await open();
    const run = await building(workspace);
    const page = await workspace.open('ana', { path: `/runs/${run}` });
    await seen(page.getByRole('region', { name: 'Steps' }).getByRole('row', { name: /^Build .* running/ }));
    await says(workspace, run, `first line\n${'more\n'.repeat(300)}`);
    await seen(page.getByText('first line'));
    await expect.poll(() => distanceFromEnd(page)).toBeLessThan(2);

    // Who has scrolled up stays where he reads.
    await lines(page).evaluate((one: Scrolled) => {
      one.scrollTop = 0;
    });
    await says(workspace, run, 'second line');
    await seen(page.getByText('second line'));
    expect(await distanceFromEnd(page)).toBeGreaterThan(100);

    // Paused, it shows nothing new until it goes on.
    await page.getByRole('button', { name: 'Pause' }).click();
    await seen(page.getByText('Paused: what comes now is not shown yet.'));
    await says(workspace, run, 'third line');
    await page.getByRole('button', { name: 'Pause' }).click();
    await seen(page.getByText('third line'));

    const cancel = page.getByRole('region', { name: 'Cancel' });
    await seen(cancel.getByText('Would not be done'));
    expect(await cancel.innerText()).toMatch(
      /Would not be done: .*Upload.*Tag[^]*Stays public: Branch, Bump commit/,
    );
    await cancel.getByRole('button').click();
    await dialog(page).getByRole('button', { name: 'Keep going' }).click();
    await cancel.getByRole('button').click();
    await dialog(page)
      .getByRole('button', { name: /^Cancel the / })
      .click();
    await workspace.room.over(run, 'cancelled');
    await seen(page.getByText('The run is over. There is nothing to cancel.'));
    await gone(cancel.getByRole('button'));
  });

  test('fits a phone, and says when there is no such run', async () => {
    const workspace = await open();
    await workspace.candidate();
    const page = await workspace.open('ana', { path: '/runs/kestrel_0.44.0_cut_1', phone: true });
    await seen(page.getByRole('heading', { name: 'Journal' }));
    await expectNoSidewaysScroll(page);
    await page.goto(`${workspace.address}/runs/nothing`);
    await seen(page.getByText(/There is no run|could not be read/));
  });
});
