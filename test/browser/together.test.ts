import { expect, test } from 'vitest';
import { inBrowser } from './in-browser.js';
import { card, composer, inRoom, onlyYou, question, seen, type } from './room-page.js';

inBrowser('two people at once', (open) => {
  test('see the same, and each alone what is for him', async () => {
    const workspace = await open();
    const [ana, ben] = [await workspace.open('ana'), await workspace.open('ben')];
    await type(ana, '/release cut');
    await seen(card(ben, /^kestrel 0\.44\.0rc1: ready on internal$/));
    await seen(card(ana, /^kestrel 0\.44\.0rc1: ready on internal$/));
    await type(ana, '/release status');
    await seen(onlyYou(ana).filter({ hasText: '/release status' }));
    await type(ana, 'Did you see it?');
    await seen(ben.getByRole('article').filter({ hasText: 'Did you see it?' }));
    // What was for ana alone would have come before these words.
    expect(await onlyYou(ben).count()).toBe(0);
    await onlyYou(ana).getByRole('button', { name: 'Dismiss' }).first().click();
    await ana.reload();
    await seen(card(ana, /^kestrel 0\.44\.0rc1/));
    expect(await onlyYou(ana).count()).toBe(0);
  });

  test('vote once each, whoever is faster', async () => {
    const workspace = await open();
    const { room } = workspace;
    await room.set('slipway.yaml', ['roles', 'maintainer'], ['ana', 'ben', 'cat']);
    await room.edit('slipway.yaml', (text) => text.replace('need: 1', 'need: 2'));
    await workspace.candidate();
    const run = await workspace.question();
    const [ben, cat] = [await workspace.open('ben'), await workspace.open('cat')];
    await question(ben)
      .getByRole('button', { name: /^Approve/ })
      .click();
    await seen(onlyYou(ben).filter({ hasText: /Counted: .*1 of 2/ }));
    await seen(card(cat, /^Approve kestrel 0\.44\.0.* 1 of 2/));
    await question(cat)
      .getByRole('button', { name: /^Approve/ })
      .click();
    await cat.getByRole('dialog').getByRole('button', { name: 'Promote', exact: true }).click();
    await seen(card(ben, /^kestrel 0\.44\.0: released to stable$/));
    const events = await room.events(run);
    expect(events.filter(({ type }) => type === 'vote.cast')).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'gate.decided')).toHaveLength(1);
  });
});

inBrowser('a person', (open) => {
  test('is told which rooms have something new, until he has been there', async () => {
    const workspace = await open();
    const ana = await workspace.open('ana', { path: '/rooms/releases' });
    await seen(composer(ana));
    await workspace.candidate();
    const rooms = ana.getByRole('navigation', { name: 'Rooms' });
    await seen(rooms.getByRole('link', { name: /^eng-process ?, 1 unread$/ }));
    expect(await ana.title()).toMatch(/^\(\d+\) /);
    await inRoom(ana, 'eng-process');
    await seen(ana.getByRole('article').filter({ hasText: 'Kestrel 0.44.0rc1 is on internal.' }));
    await seen(rooms.getByRole('link', { name: 'eng-process', exact: true }));
  });

  test('acts as whom he chose, and is refused what that one may not', async () => {
    const workspace = await open();
    const page = await workspace.open('ana');
    await page.getByRole('combobox', { name: 'You act as' }).selectOption('cat');
    await type(page, '/release cut');
    await seen(onlyYou(page).filter({ hasText: 'Nothing was started' }));
    expect(await onlyYou(page).innerText()).toMatch(/Ana/);
    expect(await workspace.room.engine.runs.ids()).toEqual([]);
    await page.reload();
    expect(await page.getByRole('combobox', { name: 'You act as' }).inputValue()).toBe('cat');
  });

  test('comes back to one message by its permanent link', async () => {
    const workspace = await open();
    await workspace.candidate();
    const page = await workspace.open('ana');
    const link = await card(page, /^kestrel 0\.44\.0rc1/)
      .getByRole('link', { name: /\d\d:\d\d/ })
      .first()
      .getAttribute('href');
    expect(link).toMatch(/^\/rooms\/rel-kestrel\/kestrel_0\.44\.0_cut_1_board$/);
    await page.goto(`${workspace.address}${link}`);
    await seen(card(page, /^kestrel 0\.44\.0rc1/));
    const focused = 'document.activeElement.dataset.marker';
    await expect.poll(() => page.evaluate(focused)).toBe('kestrel_0.44.0_cut_1_board');
  });

  test('talks in the thread of a board, beside the room', async () => {
    const workspace = await open();
    await workspace.candidate();
    const page = await workspace.open('ana');
    await card(page, /^kestrel 0\.44\.0rc1/).hover();
    await card(page, /^kestrel 0\.44\.0rc1/)
      .getByRole('link', { name: 'Reply in thread' })
      .click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('textbox', { name: 'Reply in thread' }).fill('Looks good here.');
    await page.keyboard.press('Enter');
    await seen(thread.getByRole('article').filter({ hasText: 'Looks good here.' }));
    await seen(card(page, /^kestrel 0\.44\.0rc1/).getByRole('link', { name: /^1 reply/ }));
    await page.keyboard.press('Escape');
    await seen(composer(page));
    expect(await thread.count()).toBe(0);
  });
});
