import { expect, test } from 'vitest';
import { inBrowser } from './in-browser.js';
import { card, composer, dialog, seen, type } from './room-page.js';

inBrowser('a first look', (open) => {
  test('while it is loaded and connects, nothing wrong is said, and nothing jumps', async () => {
    const workspace = await open();
    const page = await workspace.open('ana');
    await seen(page.getByText('Live'));
    const top = (): Promise<number | undefined> =>
      composer(page)
        .page()
        .getByRole('heading', { level: 1 })
        .boundingBox()
        .then((box) => box?.y);
    const live = await top();
    // A stream that never begins, and then a client that never comes.
    await page.route('**/api/events', () => undefined);
    await page.reload();
    await seen(page.getByText('Connecting'));
    await seen(page.getByRole('heading', { level: 1, name: 'rel-kestrel' }));
    expect(await top()).toBe(live);
    await page.route('**/client/main.js', () => undefined);
    await page.reload({ waitUntil: 'commit' });
    await page.locator('#workspace').waitFor({ state: 'attached' });
    expect(await page.locator('body').innerText()).toBe('');
  });

  test('an address of something that is not there says so', async () => {
    const workspace = await open();
    await workspace.candidate();
    const page = await workspace.open('ana', { path: '/runs/kestrel_9.9.9_cut_1' });
    await seen(page.getByText('There is no run kestrel_9.9.9_cut_1 that you can see.'));
    await page.getByRole('link', { name: 'All rooms' }).last().click();
    await seen(card(page, /^kestrel 0\.44\.0rc1: ready on internal$/));
    await page.goto(`${workspace.address}/rooms/rel-kestrel/no-such-message`);
    await seen(page.getByText('The message that this address names is not here.'));
    await page.goto(`${workspace.address}/rooms/rel-kestrel/kestrel_0.44.0_cut_1_board`);
    await seen(card(page, /^kestrel 0\.44\.0rc1: ready on internal$/));
    expect(await page.getByText('names is not here').count()).toBe(0);
  });

  test('the tools of the first message of a thread are whole', async () => {
    const workspace = await open();
    const page = await workspace.open('ana');
    await type(page, 'Who looks at the build?');
    const message = page.getByRole('article').filter({ hasText: 'Who looks at the build?' }).first();
    await message.hover();
    await message.getByRole('link', { name: 'Reply in thread' }).click();
    const list = page.getByRole('region', { name: 'Messages of the thread' });
    const first = list.getByRole('article').first();
    await first.hover();
    const [frame, tools] = [
      await list.boundingBox(),
      await first.getByRole('group', { name: 'Message actions' }).boundingBox(),
    ];
    expect(tools?.y).toBeGreaterThanOrEqual(frame?.y ?? Infinity);
  });

  test('every field of a form that may stay empty says so in the same way', async () => {
    const workspace = await open();
    const page = await workspace.open('ana');
    await type(page, '/release');
    const labels = await (await seen(dialog(page))).locator('label').allInnerTexts();
    expect(labels).toEqual(['Project', 'Operation', 'Version optional', 'Reason optional']);
  });

  test('on the smallest phone the steps of a run are seen with their state', async () => {
    const workspace = await open();
    await workspace.candidate();
    const path = '/runs/kestrel_0.44.0_cut_1';
    const page = await workspace.open('ana', { path, viewport: { width: 320, height: 640 } });
    const build = await seen(page.getByRole('row', { name: /^Build .* done/ }));
    const state = await build.getByRole('cell').first().boundingBox();
    expect((state?.x ?? Infinity) + (state?.width ?? 0)).toBeLessThan(320);
  });
});
