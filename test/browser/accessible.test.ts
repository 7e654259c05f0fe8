import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { inBrowser } from './in-browser.js';
import { card, composer, dialog, expectNoSidewaysScroll, question, seen } from './room-page.js';
import { sizes } from './workspace.js';

const Results = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds that keeps somebody from using the page. It writes styles of its own: its browsers pass over our policy. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axe, 'utf8'));
  const { violations } = Results.parse(
    await page.evaluate('axe.run(document, { resultTypes: ["violations"] })'),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** Presses Tab until that has the focus. Fails when Tab does not lead there. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const focused =
    '(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.ariaLabel) || document.activeElement.innerText';
  const passed: string[] = [];
  for (let n = 0; n < 80; n += 1) {
    const now = String(await page.evaluate(focused)).trim();
    if (name.test(now)) return;
    passed.push(now.slice(0, 40));
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${name}; it passes ${passed.join(' | ')}`);
}

inBrowser('everybody', (open) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`finds no barrier: room, question, dialog, thread, run page, in ${colorScheme}`, async () => {
      const workspace = await open();
      await workspace.candidate();
      const run = await workspace.question();
      const page = await workspace.open('ben', { colorScheme, bypassCSP: true });
      await seen(question(page));
      const found = { room: await barriers(page) };
      await question(page)
        .getByRole('button', { name: /^Approve/ })
        .click();
      await seen(dialog(page));
      Object.assign(found, { confirm: await barriers(page) });
      await page.keyboard.press('Escape');
      await question(page)
        .getByRole('button', { name: /^Reject/ })
        .click();
      await seen(dialog(page));
      Object.assign(found, { form: await barriers(page) });
      await page.keyboard.press('Escape');
      await page.goto(`${workspace.address}/rooms/rel-kestrel?thread=${run}_board`);
      await seen(page.getByRole('complementary', { name: 'Thread' }).getByRole('article'));
      Object.assign(found, { thread: await barriers(page) });
      await page.goto(`${workspace.address}/runs/${run}`);
      await seen(page.getByRole('heading', { name: 'Journal' }));
      Object.assign(found, { run: await barriers(page) });
      expect(found).toEqual({ room: [], confirm: [], form: [], thread: [], run: [] });
    });
  }

  test('releases with the keyboard alone, from the first page to the approved promotion', async () => {
    const workspace = await open();
    const page = await workspace.open('ana');
    const { keyboard } = page;
    await seen(composer(page));
    await tabTo(page, /^Message #rel-kestrel/);
    await keyboard.type('/release cut');
    await keyboard.press('Enter');
    await seen(card(page, /^kestrel 0\.44\.0rc1: ready on internal$/));
    await tabTo(page, /^Message #rel-kestrel/);
    await keyboard.type('/release promote');
    await keyboard.press('Enter');
    await seen(question(page));
    await tabTo(page, /^You act as/, 'Shift+Tab');
    await keyboard.type('Ben');
    await expect.poll(() => page.getByRole('combobox', { name: 'You act as' }).inputValue()).toBe('ben');
    await tabTo(page, /^Approve and promote/);
    await keyboard.press('Enter');
    await seen(dialog(page));
    await tabTo(page, /^Promote$/);
    await keyboard.press('Enter');
    await seen(card(page, /^kestrel 0\.44\.0: released to stable$/));
  });

  test('releases from a phone: one pane, nothing cut off, every button within reach', async () => {
    const workspace = await open();
    await workspace.candidate();
    await workspace.question();
    const page = await workspace.open('ben', { phone: true, path: '/' });
    const rooms = page.getByRole('navigation', { name: 'Rooms' });
    await seen(rooms);
    await expectNoSidewaysScroll(page);
    expect(await composer(page).isVisible()).toBe(false);
    await rooms.getByRole('link', { name: /^rel-kestrel/ }).click();
    await seen(question(page));
    expect(await rooms.isVisible()).toBe(false);
    await expectNoSidewaysScroll(page);
    for (const button of await question(page)
      .getByRole('button', { name: /^(Approve|Reject)/ })
      .all()) {
      const box = await button.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(sizes.phone.width);
    }
    await question(page)
      .getByRole('button', { name: /^Approve/ })
      .click();
    await seen(dialog(page));
    await expectNoSidewaysScroll(page);
    await dialog(page).getByRole('button', { name: 'Promote', exact: true }).click();
    await seen(card(page, /^kestrel 0\.44\.0: released to stable$/));
    await page.getByRole('link', { name: 'All rooms' }).click();
    await seen(rooms);
  });

  test('who is not let in, or is nowhere, reads why and what to do', async () => {
    const workspace = await open();
    const page = await workspace.stranger({ bypassCSP: true });
    const answered = await page.goto(`${workspace.address}/`);
    expect(answered?.status()).toBe(401);
    await seen(page.getByText('slipway open'));
    expect(await barriers(page)).toEqual([]);
    expect((await page.goto(`${workspace.address}/open/${'0'.repeat(64)}`))?.status()).toBe(401);
    await seen(page.getByText('slipway open'));
    const ana = await workspace.open('ana', { bypassCSP: true });
    expect((await ana.goto(`${workspace.address}/nothing/here`))?.status()).toBe(404);
    expect(await barriers(ana)).toEqual([]);
    await ana.goto(`${workspace.address}/rooms/no-such-room`);
    await seen(ana.getByRole('heading', { name: 'No such room' }));
    expect(await barriers(ana)).toEqual([]);
  });
});
