import { expect, test } from '@jest/globals';
import { endpoint, notification } from '../testing/events.ts';
import { Receivers } from './receivers.ts';

const to = (id: string, customerId = 'acme') =>
  notification({ customerId, endpoint: endpoint({ id: `whe_${id}` }) });
const a = to('a');
const ended = (received: boolean | null) => ({ received, seconds: 0.1 });

/** Fails so often, one after the other, at a time. */
function fail(receivers: Receivers, times: number, now: number): void {
  for (let count = 0; count < times; count++) {
    expect(receivers.admit(a, now)).toEqual({ kind: 'admitted' });
    receivers.ended(a, ended(false), now);
  }
}

test('a receiver and a customer have their shares, and one that ends makes room', () => {
  const receivers = new Receivers({ receiver: 2, customer: 3 });
  const kinds = [a, a, a, to('b'), to('c'), to('d', 'other')].map(
    (one) => receivers.admit(one, 0).kind,
  );
  expect(kinds).toEqual(['admitted', 'admitted', 'busy', 'admitted', 'busy', 'admitted']);
  receivers.ended(a, ended(true), 0);
  expect(receivers.admit(to('c'), 0).kind).toBe('admitted');
});

test('one that fails five times in a row rests, longer each time, at most five minutes', () => {
  const receivers = new Receivers({ receiver: 2, customer: 3 });
  fail(receivers, 5, 0);
  const rests: number[] = [];
  let now = 0;
  for (let count = 0; count < 8; count++) {
    const admission = receivers.admit(a, now);
    if (admission.kind !== 'resting') throw new Error(admission.kind);
    rests.push(admission.seconds);
    now += admission.seconds * 1000;
    fail(receivers, 1, now);
  }
  expect(rests).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  expect(receivers.admit(to('b'), now).kind).toBe('admitted');
});

test('those that were under way together and fail are one reason to rest', () => {
  const receivers = new Receivers({ receiver: 9, customer: 9 });
  for (let count = 0; count < 9; count++) receivers.admit(a, 0);
  for (let count = 0; count < 9; count++) receivers.ended(a, ended(false), 0);
  expect(receivers.admit(a, 0)).toEqual({ kind: 'resting', seconds: 5 });
});

test('after its rest one request finds out; received, it has its share again', () => {
  const receivers = new Receivers({ receiver: 2, customer: 3 });
  fail(receivers, 5, 0);
  expect(receivers.admit(a, 5000).kind).toBe('admitted');
  expect(receivers.admit(a, 5000).kind).toBe('busy');
  receivers.ended(a, ended(true), 5000);
  expect([receivers.admit(a, 5000), receivers.admit(a, 5000)].map(({ kind }) => kind)).toEqual([
    'admitted',
    'admitted',
  ]);
});

test('a test is sent to one that rests, and wakes it when it is received', () => {
  const receivers = new Receivers({ receiver: 2, customer: 3 });
  fail(receivers, 5, 0);
  const test = { ...a, once: true };
  expect(receivers.admit(a, 1000).kind).toBe('resting');
  expect(receivers.admit(test, 1000).kind).toBe('admitted');
  receivers.ended(test, ended(true), 1000);
  expect(receivers.admit(a, 1000).kind).toBe('admitted');
});

test('an endpoint that moves to another address does not rest there', () => {
  const receivers = new Receivers({ receiver: 2, customer: 3 });
  fail(receivers, 5, 0);
  expect(receivers.admit(a, 0).kind).toBe('resting');
  expect(receivers.admit({ ...a, url: 'https://new.test/' }, 0).kind).toBe('admitted');
});

test('a failure between others that are received is no reason to rest', () => {
  const receivers = new Receivers({ receiver: 2, customer: 3 });
  fail(receivers, 4, 0);
  receivers.admit(a, 0);
  receivers.ended(a, ended(true), 0);
  fail(receivers, 4, 0);
  expect(receivers.admit(a, 0).kind).toBe('admitted');
});

test('a request that was cut says nothing of its receiver', () => {
  const receivers = new Receivers({ receiver: 1, customer: 1 });
  for (let count = 0; count < 9; count++) {
    expect(receivers.admit(a, 0).kind).toBe('admitted');
    receivers.ended(a, ended(null), 0);
  }
});

test('those that wait come back when it should be their turn, so that no slot is idle', () => {
  const receivers = new Receivers({ receiver: 5, customer: 10 }, () => 0.5);
  const all = Array.from({ length: 1000 }, () => to('a'));
  let now = 0;
  const due = all.map((one, place) => ({ one, at: place * 7.1 }));
  const underWay: { one: (typeof all)[number]; at: number }[] = [];
  let told = 0;
  let busy = 0;
  // A receiver that takes 300 ms: five at once tell 1000 in 60 s at best.
  while (told < 1000) {
    now = Math.min(...due.map(({ at }) => at), ...underWay.map(({ at }) => at));
    for (const { one } of underWay.filter(({ at }) => at === now)) {
      receivers.ended(one, { received: true, seconds: 0.3 }, now);
      told += 1;
    }
    underWay.splice(0, underWay.length, ...underWay.filter(({ at }) => at > now));
    const next = due.findIndex(({ at }) => at === now);
    const [{ one } = { one: null }] = next === -1 ? [] : due.splice(next, 1);
    if (!one) continue;
    const admission = receivers.admit(one, now);
    if (admission.kind === 'admitted') underWay.push({ one, at: now + 300 });
    if (admission.kind !== 'busy') continue;
    busy += 1;
    // Whole seconds, as brokers count.
    due.push({ one, at: now + Math.ceil(admission.seconds) * 1000 });
  }
  expect(now / 1000).toBeLessThan(90);
  // Each was told to wait so often; the queue allows 200 deliveries.
  expect(busy / 1000).toBeLessThan(15);
});
