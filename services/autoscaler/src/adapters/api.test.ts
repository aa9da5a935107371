import { expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { ApiLease } from './api.ts';

const log = createLogger('test', 'silent');

/** A lease as order-api keeps it, which can be away. */
class FakeApi {
  holder: string | null = null;
  isAway = false;
  asked: number[] = [];

  askForLease = async (holder: string, seconds: number) => {
    if (this.isAway) throw new Error('away');
    this.asked.push(seconds);
    if (seconds === 0 && this.holder === holder) this.holder = null;
    else this.holder ??= holder;
    return { holder: this.holder ?? holder, expiresAt: '2026-11-23T05:00:00.000Z' };
  };
}

test('of two one holds the lease, and gives it up for the other', async () => {
  const api = new FakeApi();
  const [one, other] = [new ApiLease(api, log), new ApiLease(api, log)];
  expect(await one.hold()).toBe(true);
  expect(await other.hold()).toBe(false);
  await one.release();
  expect(await other.hold()).toBe(true);
});

test('a lease is renewed at a third of it, not at every round', async () => {
  const api = new FakeApi();
  const lease = new ApiLease(api, log);
  for (let round = 0; round < 5; round += 1) expect(await lease.hold()).toBe(true);
  expect(api.asked).toEqual([30]);
});

test('while the API is away who never held the lease waits', async () => {
  const api = new FakeApi();
  api.isAway = true;
  const lease = new ApiLease(api, log);
  expect(await lease.hold()).toBe(false);
  api.isAway = false;
  expect(await lease.hold()).toBe(true);
});
