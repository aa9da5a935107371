import type { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import type { Addresses } from './addresses.ts';
import type { Clients } from './clients.ts';
import { SqsSubscription } from './subscription.ts';

/** A queue that always has another message. */
function subscribe(gatherMs: number) {
  let receives = 0;
  const delivered: string[] = [];
  const { promise: two, resolve } = Promise.withResolvers<void>();
  const send = async () => {
    receives += 1;
    await new Promise(setImmediate);
    return { Messages: [{ MessageId: String(receives), Body: '', ReceiptHandle: '' }] };
  };
  const subscription = new SqsSubscription({
    clients: { sqs: { send } as unknown as SQSClient } as Clients,
    addresses: { queue: async () => ({ url: 'queue', ordered: false }) } as unknown as Addresses,
    queues: ['queue'],
    concurrency: 10,
    gatherMs,
    onDelivery: async ({ id }) => {
      delivered.push(id);
      if (delivered.length === 2) resolve();
    },
    log: createLogger('test', 'silent'),
  });
  return { subscription, delivered, two, receives: () => receives };
}

test('a message that comes alone is taken at once, those behind it gather; a stop waits for none', async () => {
  const { subscription, delivered, receives } = subscribe(60_000);
  while (delivered.length === 0) await new Promise(setImmediate);
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  expect(receives()).toBe(1);
  await subscription.stop();
  expect(delivered).toEqual(['1']);
});

test('what has gathered is taken after that', async () => {
  const { subscription, delivered, two } = subscribe(1);
  await two;
  await subscription.stop();
  expect(delivered.slice(0, 2)).toEqual(['1', '2']);
});
