import { expect, test } from '@jest/globals';
import type { DeliveryResult } from '@spillway/contracts';
import { Receivers } from '../domain/receivers.ts';
import { endpoint, notification } from '../testing/events.ts';
import { type NotifyParts, notify } from './notify.ts';
import type { PostResult } from './ports.ts';

const one = { deliveries: 1, isLast: false, signal: new AbortController().signal };

/** A notifier with one slot for a receiver, which answers as the test says. */
function setUp(answer: PostResult = { kind: 'answered', status: 500, retryAfter: undefined }) {
  const reported: DeliveryResult[] = [];
  let posts = 0;
  const parts: NotifyParts = {
    receivers: new Receivers({ receiver: 1, customer: 2 }),
    secret: 'a secret of 32 characters or more',
    scheduleSeconds: [1],
    report: async (result) => void reported.push(result),
    post: async () => {
      posts += 1;
      return answer;
    },
  };
  return { parts, reported, posts: () => posts };
}

test('a receiver that fails again and again is not asked, and the try is reported all the same', async () => {
  const { parts, reported, posts } = setUp();
  const told = notification({ endpoint: endpoint() });
  for (let count = 0; count < 5; count++) await notify(told, one, parts);
  const verdict = await notify(told, one, parts);
  expect(posts()).toBe(5);
  expect(verdict).toMatchObject({
    kind: 'retry',
    reason: 'Not asked: it failed again and again, and is left alone for a while',
  });
  if (verdict.kind !== 'retry') throw new Error(verdict.kind);
  expect(verdict.delaySeconds).toBeGreaterThan(4);
  expect(reported.at(-1)).toMatchObject({ status: 'pending', attempt: { status: null } });
});

test('a receiver that is busy was not tried: nothing is reported', async () => {
  const { parts, reported, posts } = setUp();
  let answer: (result: PostResult) => void = () => {};
  const slow = { ...parts, post: () => new Promise<PostResult>((resolve) => (answer = resolve)) };
  const told = notification({ endpoint: endpoint() });
  const first = notify(told, one, slow);
  expect(await notify(told, one, parts)).toEqual({ kind: 'busy', delaySeconds: 1 });
  expect([reported.length, posts()]).toEqual([0, 0]);
  answer({ kind: 'answered', status: 204, retryAfter: undefined });
  expect(await first).toEqual({ kind: 'delivered', status: 204 });
});

test('that its receiver was busy makes no pause longer', async () => {
  const { parts } = setUp();
  const slow = {
    ...parts,
    scheduleSeconds: [1, 100],
    post: () => new Promise<PostResult>(() => {}),
  };
  void notify(notification({ customerId: 'b', url: 'http://b.test/' }), one, slow);
  const since = new Date(Date.now() - 60_000).toISOString();
  const told = notification({ customerId: 'b', url: 'http://b.test/', since });
  for (const deliveries of [1, 2, 3]) {
    expect((await notify(told, { ...one, deliveries }, slow)).kind).toBe('busy');
  }
  const free = { ...slow, post: parts.post, receivers: parts.receivers };
  expect(parts.receivers.timesBusy(told)).toBe(3);
  const elsewhere = { ...told, customerId: 'c', url: 'http://b.test/' };
  const verdict = await notify(elsewhere, { ...one, deliveries: 4 }, free);
  if (verdict.kind !== 'retry') throw new Error(verdict.kind);
  expect(verdict.delaySeconds).toBeLessThan(2);
});

test('what the broker delivers no more has failed, and is reported as that', async () => {
  const { parts, reported } = setUp();
  const last = { ...one, deliveries: 200, isLast: true };
  const told = notification({ endpoint: endpoint() });
  expect(await notify(told, last, parts)).toEqual({
    kind: 'failed',
    reason: 'The receiver answered 500',
  });
  void notify(told, one, { ...parts, post: () => new Promise<PostResult>(() => {}) });
  const reason = 'Not asked: it was busy with others again and again';
  expect(await notify(told, last, parts)).toEqual({ kind: 'failed', reason });
  expect(reported.map(({ status, nextTryAt }) => [status, nextTryAt])).toEqual([
    ['failed', null],
    ['failed', null],
  ]);
});

test('a request that was cut gives its slot back', async () => {
  const { parts } = setUp();
  const told = notification({ endpoint: endpoint() });
  const cut = { ...parts, post: () => Promise.reject(new Error('stopping')) };
  await expect(notify(told, one, cut)).rejects.toThrow('stopping');
  expect((await notify(told, one, parts)).kind).toBe('retry');
});

test('what cannot be reported is told again', async () => {
  const { parts } = setUp({ kind: 'answered', status: 204, retryAfter: undefined });
  const away = { ...parts, report: () => Promise.reject(new Error('the broker is away')) };
  await expect(notify(notification({ endpoint: endpoint() }), one, away)).rejects.toThrow('away');
});
