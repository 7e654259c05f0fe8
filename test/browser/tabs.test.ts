import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './in-browser.js';
import { composer, seen } from './room-page.js';

/** What the page is told when another tab is put in front of it, or it in front of others. */
const turn = (page: Page, state: 'hidden' | 'visible'): Promise<unknown> =>
  page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' });
     document.dispatchEvent(new Event('visibilitychange'));`,
  );

inBrowser('many tabs of one browser', (open) => {
  test('do not take all its connections; the one that is looked at shows what is true', async () => {
    const workspace = await open();
    const first = await workspace.open('ana');
    await seen(composer(first));
    let last = first;
    for (let tabs = 2; tabs <= 8; tabs += 1) {
      await turn(last, 'hidden');
      last = await first.context().newPage();
      await last.goto(`${workspace.address}/rooms/rel-kestrel`);
      await seen(composer(last));
    }
    const by = { issuer: 'local' as const, workspace: 'sandbox', user: 'ben', name: 'Ben' };
    await workspace.room.opened.local.say('rel-kestrel', by, 'Said meanwhile.', 'meanwhile');
    const pages = first.context().pages();
    expect(pages).toHaveLength(8);
    await seen(last.getByText('Said meanwhile.'));
    for (const page of [pages[4], pages[0]]) {
      if (page === undefined) throw new Error('there is no such tab');
      await turn(last, 'hidden');
      await turn(page, 'visible');
      await seen(page.getByText('Said meanwhile.'));
      last = page;
    }
  });
});
