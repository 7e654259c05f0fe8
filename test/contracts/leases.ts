import { beforeEach, describe, expect, it } from 'vitest';
import type { Leases } from '../../src/engine/ports/leases.js';

/** Leases to try, and a way to let their time pass. */
export interface LeasesFixture {
  leases: Leases;
  pass(ms: number): Promise<void>;
}

/** What all leases must do. `make` gives leases that nobody else uses. */
export function leasesContract(name: string, make: () => Promise<LeasesFixture>): void {
  describe(`${name}: the contract of leases`, () => {
    let leases: Leases;
    let pass: (ms: number) => Promise<void>;
    beforeEach(async () => void ({ leases, pass } = await make()));

    it('gives a lease to one', async () => {
      expect(await leases.held('k')).toBe(false);
      expect(await leases.take('k', 'a', 60_000)).toBe(true);
      expect(await leases.take('k', 'b', 60_000)).toBe(false);
      expect(await leases.held('k')).toBe(true);
    });

    it('keeps keys apart', async () => {
      expect(await leases.take('k', 'a', 60_000)).toBe(true);
      expect(await leases.take('other', 'b', 60_000)).toBe(true);
    });

    it('says yes again to the one who holds it', async () => {
      await leases.take('k', 'a', 60_000);
      expect(await leases.take('k', 'a', 60_000)).toBe(true);
    });

    it('has one winner among many at once', async () => {
      const won = await Promise.all(Array.from({ length: 20 }, (_, n) => leases.take('k', `t${n}`, 60_000)));
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('ends with its time', async () => {
      await leases.take('k', 'a', 30);
      await pass(40);
      expect(await leases.held('k')).toBe(false);
      expect(await leases.renew('k', 'a', 60_000)).toBe(false);
      expect(await leases.take('k', 'b', 60_000)).toBe(true);
    });

    it('is renewed from now on, by its holder only', async () => {
      await leases.take('k', 'a', 5_000);
      expect(await leases.renew('k', 'b', 60_000)).toBe(false);
      expect(await leases.renew('k', 'a', 30)).toBe(true);
      await pass(40);
      expect(await leases.held('k')).toBe(false);
    });

    it('is given back by its holder only', async () => {
      await leases.take('k', 'a', 60_000);
      await leases.release('k', 'b');
      expect(await leases.held('k')).toBe(true);
      await leases.release('k', 'a');
      expect(await leases.held('k')).toBe(false);
      await leases.release('k', 'a');
      expect(await leases.take('k', 'b', 60_000)).toBe(true);
    });

    it('gives none to who wants an older memory than there is', async () => {
      expect(await leases.take('other', 'a', 60_000)).toBe(true);
      expect(await leases.take('k', 'a', 60_000, 30_000)).toBe(false);
      expect(await leases.held('k')).toBe(false);
      await pass(50);
      expect(await leases.take('k', 'a', 60_000, 30)).toBe(true);
    });

    it('is ended for a dead worker, and for no other', async () => {
      await leases.take('k', 'worker-1_x', 60_000);
      await leases.expel('k', 'worker-2');
      expect(await leases.held('k')).toBe(true);
      await leases.expel('k', 'worker-1_');
      expect(await leases.held('k')).toBe(false);
      await leases.expel('k', 'worker-1_');
    });
  });
}
