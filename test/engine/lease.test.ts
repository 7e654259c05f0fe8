import { beforeEach, expect, it } from 'vitest';
import { driftLimitMs, holdLease } from '../../src/engine/lease.js';
import type { HeldLease } from '../../src/engine/lease.js';
import type { Leases } from '../../src/engine/ports/leases.js';
import { memoryLeases } from '../../src/queue/memory/leases.js';

const ttl = 30_000;
const lost = { code: 'lease-lost', retryable: false };

let wall: number;
let monotonic: number;
/** What happens between a request and its answer. */
let underway: () => void;
let requests: number;
let store: Leases;
let leases: Leases;
const clock = { now: () => wall, monotonic: () => monotonic };

function pass(ms: number): void {
  wall += ms;
  monotonic += ms;
}

beforeEach(() => {
  wall = 1_700_000_000_000;
  monotonic = 0;
  requests = 0;
  underway = () => undefined;
  store = memoryLeases(clock);
  const sent = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      requests += 1;
      const answer = await call(...args);
      underway();
      return answer;
    };
  };
  leases = { ...store, take: sent(store.take), renew: sent(store.renew), release: sent(store.release) };
});

async function hold(token = 'me'): Promise<HeldLease> {
  const lease = await holdLease(leases, 'k', token, ttl, clock);
  if (!lease) throw new Error('somebody else holds it');
  return lease;
}

it('is undefined while somebody else holds it', async () => {
  await store.take('k', 'other', ttl);
  expect(await holdLease(leases, 'k', 'me', ttl, clock)).toBeUndefined();
});

it('passes on that the store is away when it is taken', async () => {
  underway = () => {
    throw new Error('away');
  };
  await expect(hold()).rejects.toThrow('away');
});

it('stands until its time has passed', async () => {
  const lease = await hold();
  pass(ttl - 1);
  expect(lease.valid()).toBe(true);
  pass(1);
  expect(lease.valid()).toBe(false);
});

it('counts from before the request, also when renewed', async () => {
  underway = () => pass(10_000);
  const lease = await hold();
  pass(ttl - 10_001);
  expect(lease.valid()).toBe(true);
  await lease.renew();
  pass(ttl - 10_001);
  expect(lease.valid()).toBe(true);
  pass(1);
  expect(lease.valid()).toBe(false);
});

it('is refused and given back when the answer to the taking comes after its time', async () => {
  underway = () => {
    underway = () => undefined;
    pass(ttl);
  };
  await expect(hold()).rejects.toMatchObject(lost);
  expect(await store.held('k')).toBe(false);
});

it('is renewed in one round trip, as often as needed', async () => {
  const lease = await hold();
  for (let n = 0; n < 5; n += 1) {
    pass(ttl - 1);
    requests = 0;
    await lease.renew();
    expect(requests).toBe(1);
  }
  expect(lease.valid()).toBe(true);
});

it('is lost when another holds it', async () => {
  const lease = await hold();
  await store.release('k', 'me');
  await store.take('k', 'other', ttl);
  await expect(lease.renew()).rejects.toMatchObject(lost);
  expect(lease.valid()).toBe(false);
});

it('is lost for good when the answer did not come, even if the store would still renew', async () => {
  const lease = await hold();
  underway = () => {
    throw new Error('away');
  };
  await expect(lease.renew()).rejects.toMatchObject({ ...lost, cause: new Error('away') });
  underway = () => undefined;
  requests = 0;
  await expect(lease.renew()).rejects.toMatchObject(lost);
  expect([lease.valid(), requests]).toEqual([false, 0]);
});

it('is lost when the answer came after its time', async () => {
  const lease = await hold();
  underway = () => pass(ttl);
  await expect(lease.renew()).rejects.toMatchObject(lost);
});

it('is lost, without asking, when its time had passed by the wall clock alone', async () => {
  const lease = await hold();
  // A suspended machine: the monotonic clock stands still meanwhile.
  wall += ttl;
  requests = 0;
  await expect(lease.renew()).rejects.toMatchObject(lost);
  expect(requests).toBe(0);
});

it('is lost when its time had passed by the monotonic clock alone', async () => {
  const lease = await hold();
  monotonic += ttl;
  await expect(lease.renew()).rejects.toMatchObject(lost);
});

it.each([1, -1])('is lost when the clocks have parted by more than the bound (%i)', async (sign) => {
  const lease = await hold();
  wall += sign * driftLimitMs;
  expect(lease.valid()).toBe(true);
  wall += sign;
  await expect(lease.renew()).rejects.toMatchObject(lost);
  // A clock that is set right again does not bring it back.
  wall -= sign * (driftLimitMs + 1);
  expect(lease.valid()).toBe(false);
});

it('bears a clock that is corrected slowly', async () => {
  const lease = await hold();
  for (let n = 0; n < 100; n += 1) {
    pass(10_000);
    wall += 100;
    await lease.renew();
  }
  expect(lease.valid()).toBe(true);
});

it('is given back, and swallows that it cannot be', async () => {
  const lease = await hold();
  underway = () => {
    throw new Error('away');
  };
  await lease.release();
  expect(await store.held('k')).toBe(false);
});
