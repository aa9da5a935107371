import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pollsOf } from './polls.ts';

const REQUEST_MS = 2;

interface Simulated {
  readonly name: string;
  emptyAt: number;
  taken: number;
  /** Whether it has another message at that time. */
  readonly has: (now: number, taken: number) => boolean;
}

const always = () => true;
const never = () => false;
const from = (time: number) => (now: number) => now >= time;

const threeQueues = (...has: readonly Simulated['has'][]) =>
  ['high', 'normal', 'low'].map(
    (name, n): Simulated => ({ name, emptyAt: -Infinity, taken: 0, has: has[n] ?? never }),
  );

interface Request {
  readonly name: string;
  readonly found: boolean;
  /** When it was answered, in milliseconds. */
  readonly at: number;
}

/** A subscription for so many seconds, whose every message is done at once. */
function simulate(queues: readonly Simulated[], seconds: number): Request[] {
  const requests: Request[] = [];
  let now = 0;
  while (now < seconds * 1000) {
    for (const { queue, waitSeconds } of pollsOf(queues, now)) {
      const deadline = now + waitSeconds * 1000;
      while (!queue.has(now, queue.taken) && now < deadline) now++;
      now += REQUEST_MS;
      const found = queue.has(now, queue.taken);
      if (found) queue.taken++;
      queue.emptyAt = found ? -Infinity : now;
      requests.push({ name: queue.name, found, at: now });
      if (found) break;
    }
  }
  return requests;
}

const found = (requests: readonly Request[]) => requests.filter((request) => request.found);
const inVain = (requests: readonly Request[]) => requests.filter((request) => !request.found);

test('one queue is waited at for as long as SQS lets us, whatever was found before', () => {
  for (const emptyAt of [-Infinity, 0, 100_000]) {
    const queue = { emptyAt };
    expect(pollsOf([queue], 100_000)).toEqual([{ queue, waitSeconds: 20 }]);
  }
});

test('an idle consumer of three queues makes three requests a second', () => {
  const requests = simulate(threeQueues(never, never, never), 60);
  expect(requests.length).toBeLessThanOrEqual(3 * 60 + 3);
  expect(new Set(requests.map(({ name }) => name)).size).toBe(3);
});

test.each([
  ['high', [from(10_300), never, never]],
  ['normal', [never, from(10_300), never]],
  ['low', [never, never, from(10_300)]],
] as const)('an idle consumer finds a message on the %s queue within a second', (name, has) => {
  const [first] = found(simulate(threeQueues(...has), 15));
  expect(first?.name).toBe(name);
  expect((first?.at ?? Infinity) - 10_300).toBeLessThan(1000 + 10 * REQUEST_MS);
  if (name === 'normal') expect(first?.at).toBeLessThanOrEqual(10_300 + REQUEST_MS);
});

test.each([
  ['high', [always, always, always], 0],
  ['normal', [never, always, always], 1],
  ['low', [never, never, always], 2],
] as const)(
  'a flood on the %s queue pays a request a second for each queue before it',
  (name, has, before) => {
    const requests = simulate(threeQueues(...has), 30);
    expect(new Set(found(requests).map((request) => request.name))).toEqual(new Set([name]));
    expect(inVain(requests).length).toBeLessThanOrEqual(before * 31);
    expect(requests.length).toBeGreaterThan(10_000);
  },
);

test('messages that come one by one to the middle queue cost one request each, and three a second', () => {
  const every50ms = (now: number, taken: number) => now >= (taken + 1) * 50;
  const requests = simulate(threeQueues(never, every50ms, never), 20);
  expect(found(requests).length).toBeGreaterThanOrEqual(399);
  expect(inVain(requests).length).toBeLessThanOrEqual(3 * 21);
});

test('the order is that of the queues, every queue is looked at in time, and the end is a wait', () => {
  const now = 50_000;
  const emptyAt = fc.oneof(fc.constant(-Infinity), fc.integer({ min: 47_000, max: now }));
  void fc.assert(
    fc.property(fc.array(fc.record({ emptyAt }), { minLength: 2, maxLength: 6 }), (queues) => {
      const polls = pollsOf(queues, now);
      const last = polls.at(-1);
      expect(last).toEqual({ queue: queues[queues.length >> 1], waitSeconds: 1 });
      const looks = polls.slice(0, -1);
      expect(looks.every(({ waitSeconds }) => waitSeconds === 0)).toBe(true);
      const order = looks.map(({ queue }) => queues.indexOf(queue));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      for (const queue of queues) {
        const isDue = now - queue.emptyAt >= 1000;
        if (isDue) expect(polls.some((poll) => poll.queue === queue)).toBe(true);
        else expect(looks.some((look) => look.queue === queue)).toBe(false);
      }
    }),
  );
});
