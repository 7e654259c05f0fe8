import { expect, test } from 'vitest';
import { inBrowser } from './in-browser.js';
import { card, composer, gone, onlyYou, seen, type } from './room-page.js';

inBrowser('a connection that is lost', (open) => {
  test('is told, and what is shown is the truth again afterwards', async () => {
    const workspace = await open();
    const { room } = workspace;
    const ana = await workspace.open('ana');
    await seen(composer(ana));
    await workspace.down();
    await seen(ana.getByText('Connection lost. What is shown may be old.'));
    // The bot works on meanwhile.
    await workspace.candidate();
    await type(ana, '/release status');
    const waiting = ana.getByRole('article', { name: 'Not confirmed' });
    await seen(waiting);
    // It is said for a few seconds only, so the look begins before it can be there.
    const isBack = seen(ana.getByText('Connected again.'));
    await workspace.up();
    await isBack;
    await seen(card(ana, /^kestrel 0\.44\.0rc1: ready on internal$/));
    await waiting.getByRole('button', { name: 'Send again' }).click();
    await seen(onlyYou(ana).filter({ hasText: '/release status' }));
    await gone(waiting);
    expect(await room.engine.runs.ids()).toEqual(['kestrel_0.44.0_cut_1']);
  });

  test('what arrived though its answer was lost is done once when it is sent again', async () => {
    const workspace = await open();
    const ana = await workspace.open('ana');
    await ana.route('**/say', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await type(ana, '/release cut');
    const waiting = ana.getByRole('article', { name: 'Not confirmed' });
    await seen(waiting);
    await seen(card(ana, /^kestrel 0\.44\.0rc1: ready on internal$/));
    await ana.unroute('**/say');
    await waiting.getByRole('button', { name: 'Send again' }).click();
    await seen(onlyYou(ana).filter({ hasText: /Accepted: .*kestrel 0\.44\.0rc1/ }));
    await gone(waiting);
    expect(await workspace.room.engine.runs.ids()).toEqual(['kestrel_0.44.0_cut_1']);
  });
});
