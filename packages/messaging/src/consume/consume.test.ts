import { expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import * as z from 'zod';
import { type Delivery, type Messaging, MessagingError } from '../port.ts';
import { type ConsumeOptions, consume, type Handled } from './consume.ts';
import { GiveBack, Permanent, RetryAfter } from './verdicts.ts';

const Job = z.object({ schemaVersion: z.literal(1), name: z.string() });
const body = JSON.stringify({ schemaVersion: 1, name: 'job' });

type Answered = [answer: string, argument?: number | string];

/** A broker of one message: `deliver` hands it over and tells how it was answered. */
function oneMessage(options: Partial<ConsumeOptions<typeof Job>> = {}) {
  let hand: (delivery: Delivery) => Promise<void> = async () => {};
  let inHand: Promise<void> = Promise.resolve();
  const ended: Handled[] = [];
  const subscriptions: [queues: readonly string[], concurrency: number][] = [];
  const messaging = {
    subscribe(queues, { concurrency }, onDelivery) {
      subscriptions.push([queues, concurrency]);
      hand = onDelivery;
      return { stop: () => inHand };
    },
  } satisfies Partial<Messaging>;
  const consumer = consume(messaging as unknown as Messaging, {
    queues: ['jobs'],
    schema: Job,
    concurrency: 1,
    leaseSeconds: 60,
    maxAttempts: 3,
    backoff: { firstSeconds: 8, maxSeconds: 100 },
    log: createLogger('test', 'silent'),
    handle: async () => {},
    onEnd: (handled) => ended.push(handled),
    ...options,
  });
  return {
    consumer,
    ended,
    subscriptions,
    async deliver(fields: Partial<Delivery> = {}): Promise<Answered[]> {
      const answers: Answered[] = [];
      const note =
        (answer: string) =>
        async (argument?: number | string): Promise<void> => {
          answers.push(argument === undefined ? [answer] : [answer, argument]);
        };
      inHand = hand({
        id: 'm1',
        queue: 'jobs',
        body,
        attributes: {},
        group: null,
        attempt: 1,
        sentAt: new Date(),
        ack: note('ack'),
        retry: note('retry'),
        postpone: note('postpone'),
        deadLetter: note('deadLetter'),
        extend: note('extend'),
        ...fields,
      });
      await inHand;
      return answers;
    },
  };
}

test('several queues share one subscription; the log names the one that a message came from', async () => {
  const lines: string[] = [];
  const log = createLogger('test', 'debug', { write: (line: string) => void lines.push(line) });
  const { deliver, subscriptions } = oneMessage({
    queues: ['urgent', 'jobs'],
    concurrency: 2,
    log,
    handle: async (_message, context) => context.log.info('handled'),
  });
  await deliver({ queue: 'urgent' });
  expect(subscriptions).toEqual([[['urgent', 'jobs'], 2]]);
  expect(JSON.parse(lines.find((line) => line.includes('handled')) ?? '')).toMatchObject({
    queue: 'urgent',
  });
});

const throwing = (error: unknown) => ({
  handle: async () => {
    throw error;
  },
});

test('a handler that resolves acknowledges, and gets the message as its schema reads it', async () => {
  const seen: unknown[] = [];
  const { deliver, ended } = oneMessage({
    handle: async (message, { attempt, lastAttempt, traceparent }) => {
      seen.push(message, attempt, lastAttempt, traceparent.slice(0, 35));
    },
  });
  const trace = '00-0af7651916cd43dd8448eb211c80319c';
  const attributes = { traceparent: `${trace}-b7ad6b7169203331-01` };
  expect(await deliver({ attributes })).toEqual([['ack']]);
  expect(seen).toEqual([{ schemaVersion: 1, name: 'job' }, 1, false, trace]);
  expect(ended).toEqual([{ outcome: 'done', seconds: expect.any(Number) }]);
});

test('an error is retried with a back-off that grows, until the attempts are used up', async () => {
  const lasts: boolean[] = [];
  const { deliver } = oneMessage({
    handle: async (_message, { lastAttempt }) => {
      lasts.push(lastAttempt);
      throw new Error('disk full');
    },
  });
  const [[first, firstDelay] = []] = await deliver({ attempt: 1 });
  const [[second, secondDelay] = []] = await deliver({ attempt: 2 });
  expect([first, second]).toEqual(['retry', 'retry']);
  expect(firstDelay).toBeGreaterThanOrEqual(6);
  expect(firstDelay).toBeLessThanOrEqual(8);
  expect(secondDelay).toBeGreaterThanOrEqual(12);
  expect(await deliver({ attempt: 3 })).toEqual([
    ['deadLetter', 'Failed 3 times, at last: disk full'],
  ]);
  expect(lasts).toEqual([false, false, true]);
});

test('the handler may say when to try again, give back, or give up', async () => {
  expect(await oneMessage(throwing(new RetryAfter(77, 'busy'))).deliver()).toEqual([['retry', 77]]);
  expect(await oneMessage(throwing(new GiveBack(5))).deliver({ attempt: 9 })).toEqual([
    ['postpone', 5],
  ]);
  expect(await oneMessage(throwing(new Permanent('no such codec'))).deliver()).toEqual([
    ['deadLetter', 'no such codec'],
  ]);
  expect(await oneMessage(throwing('a string')).deliver({ attempt: 3 })).toEqual([
    ['deadLetter', 'Failed 3 times, at last: a string'],
  ]);
});

test('what is given back is logged for who looks closely, and without a stack', async () => {
  const lines: string[] = [];
  const log = createLogger('test', 'debug', { write: (line: string) => void lines.push(line) });
  await oneMessage({ log, ...throwing(new GiveBack(5, 'its receiver is busy')) }).deliver();
  await oneMessage({ log, ...throwing(new Error('disk full')) }).deliver();
  const [givenBack, failed] = lines.map((line) => JSON.parse(line));
  expect(givenBack).toMatchObject({ level: 'debug', reason: 'its receiver is busy' });
  expect(givenBack).not.toHaveProperty('err');
  expect(failed).toMatchObject({ level: 'warn', err: { message: 'disk full' } });
  expect(failed.err.stack).toContain('consume.test.ts');
});

test('a newer schemaVersion is given back without using an attempt, however it looks', async () => {
  const { deliver, ended } = oneMessage();
  const newer = JSON.stringify({ schemaVersion: 2, anything: true });
  const [[answer, delay] = []] = await deliver({ body: newer, attempt: 50 });
  expect(answer).toBe('postpone');
  expect(delay).toBeGreaterThanOrEqual(675);
  expect(delay).toBeLessThanOrEqual(900);
  expect(ended.map(({ outcome }) => outcome)).toEqual(['given_back']);
  expect(await oneMessage({ newestVersion: 2 }).deliver({ body: newer })).toEqual([
    ['deadLetter', expect.stringContaining('name: ')],
  ]);
});

test.each([
  ['not JSON', 'The body is not JSON'],
  ['null', 'The body does not fit its schema'],
  ['{"schemaVersion":1,"name":7}', 'The body does not fit its schema: name: '],
])('%s is a dead letter with the reason', async (wrong, reason) => {
  expect(await oneMessage().deliver({ body: wrong })).toEqual([
    ['deadLetter', expect.stringContaining(reason)],
  ]);
});

test('the lease is renewed while the handler works, and no longer; failures do not end the work', async () => {
  let renewals = 0;
  let enough = () => {};
  const renewed = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const { deliver } = oneMessage({ leaseSeconds: 0.03, handle: () => renewed });
  const answers = await deliver({
    extend: async (seconds) => {
      expect(seconds).toBe(0.03);
      renewals++;
      if (renewals === 1) throw new MessagingError('unavailable', 'away');
      if (renewals === 3) enough();
    },
  });
  expect(answers).toEqual([['ack']]);
  expect(renewals).toBe(3);
});

test('an answer waits for the renewal that is under way, which would undo it', async () => {
  const order: string[] = [];
  let work = () => {};
  const { deliver } = oneMessage({
    leaseSeconds: 0.03,
    handle: () =>
      new Promise((_resolve, reject) => {
        work = () => reject(new GiveBack(5));
      }),
  });
  await deliver({
    extend: async () => {
      work();
      await new Promise(setImmediate);
      order.push('renewed');
    },
    postpone: async () => void order.push('postponed'),
  });
  expect(order.at(-1)).toBe('postponed');
  expect(order).toContain('renewed');
});

test('an answer that fails is not thrown: the lease brings the message back', async () => {
  const { deliver, ended } = oneMessage();
  await deliver({
    ack: async () => {
      throw new MessagingError('unavailable', 'away');
    },
  });
  expect(ended).toHaveLength(1);
});

test('a stop waits for the handler, then aborts it, and the message is given back at once', async () => {
  let started = () => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const { consumer, deliver } = oneMessage({
    handle: (_message, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Permanent('ffmpeg was killed')));
        started();
      }),
  });
  const delivered = deliver();
  await running;
  await consumer.stop({ graceSeconds: 0.01 });
  expect(await delivered).toEqual([['postpone', 0]]);
});

test('a stop within its grace lets the handler finish', async () => {
  let finish = () => {};
  const { consumer, deliver } = oneMessage({
    handle: (_message, { signal }) =>
      new Promise<void>((resolve) => {
        finish = resolve;
        signal.addEventListener('abort', () => resolve());
      }),
  });
  const delivered = deliver();
  const stopping = consumer.stop({ graceSeconds: 3600 });
  finish();
  await stopping;
  expect(await delivered).toEqual([['ack']]);
});
