import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { removeSandboxes, type RoomOptions } from '../conversation/room.js';
import { chromiumHere, chromiumNames, launchChromium } from './chromium.js';
import { openWorkspace, type Workspace } from './workspace.js';

/** Opens a workspace of its own for a test; it is closed after it. */
export type Open = (options?: RoomOptions) => Promise<Workspace>;

/**
 * Tests in a real browser, one for the file. Without Chromium they are skipped and say so; in CI that is a failure,
 * because tests that never run prove nothing.
 */
export function inBrowser(name: string, tests: (open: Open) => void): void {
  const executable = chromiumHere();
  const why = executable === undefined ? `no ${chromiumNames.join(', ')} on PATH` : '';
  if (why !== '' && process.env['CI'] === 'true') {
    test(`${name} needs a browser`, () => {
      throw new Error(`${why}: install chromium`);
    });
    return;
  }
  const title = why === '' ? name : `${name} (skipped: ${why})`;
  describe.skipIf(why !== '')(title, { timeout: 120_000 }, () => {
    let browser: Browser | undefined;
    const opened: Workspace[] = [];
    beforeAll(async () => {
      browser = await launchChromium(executable ?? '');
    });
    afterEach(async () => {
      const offences = await Promise.all(opened.splice(0).map((one) => one.close()));
      expect(offences.flat()).toEqual([]);
    });
    afterAll(async () => {
      await browser?.close();
      await removeSandboxes();
    });
    tests(async (options) => {
      if (browser === undefined) throw new Error('the browser is not there');
      const workspace = await openWorkspace(browser, options);
      opened.push(workspace);
      return workspace;
    });
  });
}
