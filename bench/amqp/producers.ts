import { randomUUID } from 'node:crypto';
import { createLogger } from '@spillway/runtime';
import { connect } from 'amqplib';
import { createAmqpMessaging } from '../../packages/messaging/src/drivers/amqp/index.ts';

import { parkingQueueOf, STAYS } from '../../packages/messaging/src/drivers/amqp/parking.ts';

const PRODUCERS = 16;
const body = JSON.stringify({ payload: 'x'.repeat(1000) });
const headers = {
  type: 'bench',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

/** Messages a second; each producer sends its next one when the last is confirmed. */
async function rate(seconds: number, publish: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let sent = 0;
  const producer = async () => {
    for (; performance.now() < until; sent++) await publish();
  };
  await Promise.all(Array.from({ length: PRODUCERS }, producer));
  return (sent * 1000) / (performance.now() - startedAt);
}

export async function withDriver(url: string, seconds: number): Promise<number> {
  const queue = `bench-${randomUUID()}`;
  const messaging = createAmqpMessaging({ urls: [url], log: createLogger('bench', 'warn') });
  const spec = { name: queue, ordered: false, leaseSeconds: 60, maxDeliveries: 20 };
  await messaging.declare({ queues: [spec], topics: [], subscriptions: [] });
  const message = { body, attributes: headers };
  const result = await rate(seconds, () => messaging.send(queue, [message]));
  await messaging.close();
  await removeQueues(url, queue);
  return result;
}

/** Persistent, mandatory and named, as the driver sends them; nothing else of what it does. */
export async function withAmqplib(url: string, seconds: number): Promise<number> {
  const queue = `bench-${randomUUID()}`;
  const model = await connect(url);
  const channel = await model.createConfirmChannel();
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  const result = await rate(
    seconds,
    () =>
      new Promise((resolve, reject) => {
        const options = {
          persistent: true,
          mandatory: true,
          contentType: 'application/json',
          messageId: randomUUID(),
          headers: { ...headers, sentAt: Date.now() },
        };
        channel.publish('', queue, Buffer.from(body), options, (err) =>
          err ? reject(err) : resolve(),
        );
      }),
  );
  await model.close();
  await removeQueues(url, queue);
  return result;
}

async function removeQueues(url: string, queue: string): Promise<void> {
  const model = await connect(url);
  const channel = await model.createChannel();
  // Deleting what is not there is fine.
  const stays = STAYS.map((seconds) => parkingQueueOf(queue, seconds));
  for (const name of [queue, `${queue}-dlq`, ...stays]) await channel.deleteQueue(name);
  await model.close();
}
