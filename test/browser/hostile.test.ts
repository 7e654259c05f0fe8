import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './in-browser.js';
import { card, dialog, inRoom, question, seen, type } from './room-page.js';

const evil = [
  '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  '[click](https://evil.example) <https://evil.example|here> @channel <!here> <@U1>',
  'rtl \u202egnp.exe\u202c zero\u200bwidth \u0007bell',
  '**bold** `code` ~strike~ &lt;b&gt;',
].join(' ');

/** No element, link or address came out of foreign text; dialogs and requests are watched by the workspace itself. */
async function expectInert(page: Page): Promise<void> {
  for (const what of ['img', 'iframe', 'a[href*="evil"]', '#workspace script', '[onerror]', 'article b'])
    expect({ what, there: await page.locator(what).count() }).toEqual({ what, there: 0 });
}

/** Nothing that the bot shows is hidden or turned around. */
async function expectInSight(page: Page): Promise<void> {
  const shown = (await page.locator('main').textContent()) ?? '';
  for (const one of ['\u202e', '\u0007', '\u200b']) expect(shown).not.toContain(one);
}

inBrowser('hostile text', (open) => {
  test('of a commit, a name, a reason and a person stays text', async () => {
    const workspace = await open();
    const { room } = workspace;
    await room.set('slipway.yaml', ['people', 'ben', 'name'], 'Ben <img src=x onerror=alert(3)>');
    await room.origin.commit('main', { 'evil.txt': 'x\n' }, `fix: ${evil}`);
    await workspace.candidate();
    const run = await workspace.question();
    const ben = await workspace.open('ben');
    await seen(question(ben));
    await expectInert(ben);
    await question(ben)
      .getByRole('button', { name: /^Reject/ })
      .click();
    await dialog(ben).getByRole('textbox').fill(evil);
    await dialog(ben)
      .getByRole('button', { name: /^Reject/ })
      .click();
    await seen(card(ben, /promotion rejected by Ben <img/));
    await seen(ben.getByText('<img src=x onerror="alert(1)"><script>').first());
    await expectInert(ben);
    await expectInSight(ben);
    await ben.goto(`${workspace.address}/runs/${run}`);
    await seen(ben.getByRole('heading', { name: 'Journal' }));
    await expectInert(ben);
    await expectInSight(ben);

    // Approved, the subject of the commit is in the announcement.
    await workspace.question();
    await ben.goto(`${workspace.address}/rooms/rel-kestrel`);
    await question(ben)
      .getByRole('button', { name: /^Approve/ })
      .click();
    await dialog(ben).getByRole('button', { name: 'Promote', exact: true }).click();
    await seen(card(ben, /^kestrel 0\.44\.0: released to stable$/));
    await inRoom(ben, 'eng-process');
    await seen(ben.getByRole('article').filter({ hasText: '[click](https://evil.example)' }));
    await expectInert(ben);
    await expectInSight(ben);
  });

  test('of 4,000 characters stays in its place', async () => {
    const workspace = await open();
    const ana = await workspace.open('ana', { phone: true });
    await type(ana, 'W'.repeat(4_000));
    await seen(ana.getByRole('article').filter({ hasText: 'WWWW' }));
    const root = 'document.documentElement';
    expect(await ana.evaluate(`${root}.scrollWidth - ${root}.clientWidth`)).toBe(0);
    await type(ana, `${evil} ${'<b>x</b>'.repeat(200)}`);
    await seen(ana.getByRole('article').filter({ hasText: '<b>x</b>' }));
    await expectInert(ana);
  });
});
