import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** How long something may take until it is seen, in ms: the machine may be busy with other things. */
const patienceMs = 20_000;

/** Where one types in the room. */
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message #/ });

/** Types a line and sends it. */
export async function type(page: Page, line: string): Promise<void> {
  await composer(page).fill(line);
  await composer(page).press('Enter');
}

/** The message of a room whose header says this. */
export const card = (page: Page, header: string | RegExp): Locator =>
  page
    .getByRole('region', { name: 'Messages', exact: true })
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: header }) });

/** The answers that only who stands in this browser sees. */
export const onlyYou = (page: Page): Locator =>
  page.getByRole('article').filter({ has: page.getByText('Only you can see this') });

/** The dialog that is open. */
export const dialog = (page: Page): Locator => page.getByRole('dialog');

/** Waits until it is there to see. Fails with what the page shows instead. */
export async function seen(what: Locator): Promise<Locator> {
  await wait(what, 'visible');
  return what;
}

/** Waits until it is not there any more. */
export const gone = (what: Locator): Promise<void> => wait(what, 'hidden');

async function wait(what: Locator, state: 'visible' | 'hidden'): Promise<void> {
  try {
    await what.first().waitFor({ state, timeout: patienceMs });
  } catch {
    const shown = await what.page().locator('body').innerText();
    throw new Error(`waited in vain until ${String(what)} is ${state}. The page shows:\n${shown}`);
  }
}

/** Fails when the page itself scrolls sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const root = 'document.documentElement';
  expect(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`)).toBe(0);
}

/** The question of the promotion. */
export const question = (page: Page): Locator => card(page, /^Approve kestrel 0\.44\.0/);

/** Goes to a room by the list of rooms. */
export async function inRoom(page: Page, room: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Rooms' })
    .getByRole('link', { name: new RegExp(`^${room}`) })
    .click();
  await seen(page.getByRole('heading', { level: 1, name: room }));
}
