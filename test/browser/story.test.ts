import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './in-browser.js';
import { card, composer, dialog, gone, inRoom, onlyYou, question, seen } from './room-page.js';

/** What the release rooms are told in the end. */
async function seesAnnouncement(page: Page): Promise<void> {
  await inRoom(page, 'eng-process');
  await seen(page.getByRole('article').filter({ hasText: 'Kestrel 0.44.0 is stable.' }));
}

inBrowser('a release in the browser', (open) => {
  test('from the first letter to the announcement, approved with a reaction', async () => {
    const workspace = await open();
    const ana = await workspace.open('ana');
    // What can be said is offered while it is typed; Tab takes it, Enter says it.
    await composer(ana).pressSequentially('/release cu');
    await seen(ana.getByRole('option', { name: /^cut/ }));
    await composer(ana).press('Tab');
    expect(await composer(ana).inputValue()).toMatch(/^\/release cut ?$/);
    await composer(ana).press('Enter');
    await seen(onlyYou(ana).filter({ hasText: /Accepted: .*kestrel 0\.44\.0rc1/ }));
    const first = await seen(card(ana, /^kestrel 0\.44\.0rc1: ready on internal$/));

    // Somebody merges a fix; the room offers the next candidate with it.
    await inRoom(ana, 'eng-process');
    expect(await ana.getByRole('button', { name: 'Merge a fix' }).count()).toBe(0);
    await inRoom(ana, 'rel-kestrel');
    await ana.getByRole('button', { name: 'Merge a fix' }).click();
    await seen(onlyYou(ana).filter({ hasText: 'The next candidate has it.' }));
    const offer = await seen(card(ana, 'kestrel 0.44.0: 1 change merged since rc1'));
    expect(await offer.innerText()).toContain('the newline at the end of a file is no line · Cat Moreau');
    await offer.getByRole('button', { name: /^Make rc2/ }).click();
    await seen(card(ana, 'kestrel 0.44.0: 1 change taken into rc2'));
    const second = await seen(card(ana, /^kestrel 0\.44\.0rc2: ready on internal$/));
    await gone(first.getByRole('button', { name: /^Promote/ }));

    await second.getByRole('button', { name: /^Promote/ }).click();
    await dialog(ana).getByRole('button', { name: 'Promote', exact: true }).click();
    await seen(question(ana));
    expect(await question(ana).innerText()).toMatch(/The next approval .* starts the promotion at once/);

    // Who asked cannot decide; somebody else can, with a check mark under the question.
    const ben = await workspace.open('ben');
    await question(ben).hover();
    await question(ben).getByRole('button', { name: 'React with check mark' }).first().click();
    await seen(card(ben, /^kestrel 0\.44\.0: released to stable$/));
    await seen(card(ana, /^kestrel 0\.44\.0: released to stable$/));
    await gone(ana.getByRole('button', { name: /^Approve/ }));
    await seesAnnouncement(ana);
    expect(await workspace.room.serves('stable')).toBe('0.44.0');
  });

  test('is approved with the button, after it was asked once more', async () => {
    const workspace = await open();
    await workspace.candidate();
    await workspace.question();
    const ben = await workspace.open('ben');
    const approve = question(ben).getByRole('button', { name: /^Approve and promote/ });
    await approve.click();
    await seen(dialog(ben).getByText('A published version is never deleted.'));
    await dialog(ben).getByRole('button', { name: 'Not yet' }).click();
    await gone(dialog(ben));
    expect(await workspace.room.serves('stable')).toBe('');
    await approve.click();
    await dialog(ben).getByRole('button', { name: 'Promote', exact: true }).click();
    await seen(card(ben, /^kestrel 0\.44\.0: released to stable$/));
    await seesAnnouncement(ben);
  });

  test('is rejected with a reason in a form, and nothing ships', async () => {
    const workspace = await open();
    await workspace.candidate();
    await workspace.question();
    const ben = await workspace.open('ben');
    await question(ben)
      .getByRole('button', { name: /^Reject/ })
      .click();
    await dialog(ben).getByRole('textbox').fill('It crashes on arm.');
    await dialog(ben)
      .getByRole('button', { name: /^Reject/ })
      .click();
    await gone(dialog(ben));
    const rejected = card(ben, /^kestrel 0\.44\.0: promotion rejected by Ben$/);
    await seen(rejected.filter({ hasText: '"It crashes on arm."' }).filter({ hasText: 'Nothing shipped' }));
    await gone(ben.getByRole('button', { name: /^Approve/ }));
    expect(await workspace.room.serves('stable')).toBe('');
  });
});
