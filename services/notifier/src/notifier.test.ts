import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { startBroker } from '@spillway/broker';
import {
  eventId,
  NOTIFICATIONS,
  newOrderId,
  ORDER_EVENTS,
  type PublishedEvent,
  topology,
} from '@spillway/contracts';
import {
  createSqsMessaging,
  DEAD_LETTER_REASON,
  type Delivery,
  deadLetterQueueOf,
  jsonMessage,
} from '@spillway/messaging';
import { createLogger } from '@spillway/runtime';
import { Registry } from 'prom-client';
import { Webhook } from 'standardwebhooks';
import { readNotifierConfig, startNotifier } from './index.ts';
import { publishedEvent } from './testing/events.ts';
import { Receiver } from './testing/receiver.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;
const log = createLogger('test', 'silent');

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A notifier on a broker of its own, and a customer. */
async function start(settings: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'spillway-notifier-'));
  closers.push(() => rm(dataDir, { recursive: true }));
  const broker = await startBroker({ dataDir });
  closers.push(() => broker.close());
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const messaging = createSqsMessaging({ endpoint: broker.url, region: 'local', credentials, log });
  closers.push(() => messaging.close());
  await messaging.declare(topology);
  const config = readNotifierConfig({
    SPILLWAY_WEBHOOK_SECRET: SECRET,
    SPILLWAY_WEBHOOK_RETRY_SECONDS: '0.5',
    SPILLWAY_EGRESS_ALLOW: '127.0.0.1',
    ...settings,
  });
  const registry = new Registry();
  const startAnother = () => {
    const notifier = startNotifier({ config, messaging, log, registry: new Registry() });
    closers.push(() => notifier.close());
  };
  const notifier = startNotifier({ config, messaging, log, registry });
  closers.push(() => notifier.close());
  const receiver = new Receiver();
  const url = await receiver.open();
  closers.push(() => receiver.close());

  return {
    registry,
    notifier,
    startAnother,
    receiver,
    /** Publishes as the order API does. */
    async publish(fields: Partial<PublishedEvent> = {}): Promise<PublishedEvent> {
      const webhook = { url: `${url}/hook`, events: ['order.completed' as const] };
      const event = publishedEvent({ webhook, ...fields });
      const attributes = { type: event.type, webhook: 'true' };
      const order = { group: event.orderId, deduplicationId: event.id };
      await messaging.publish(ORDER_EVENTS, [jsonMessage(event, { attributes, ...order })]);
      return event;
    },
    deadLetter: () =>
      new Promise<Delivery>((resolve) => {
        messaging.subscribe(
          [deadLetterQueueOf(NOTIFICATIONS)],
          { concurrency: 1 },
          async (dead) => {
            await dead.ack();
            resolve(dead);
          },
        );
      }),
  };
}

test('a webhook is signed by Standard Webhooks and tells the event', async () => {
  const { publish, receiver, notifier, registry } = await start();
  const event = await publish();
  const { headers, body, path } = await receiver.answer(204);
  expect(path).toBe('/hook');
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': event.id });
  const told = new Webhook(SECRET).verify(body, headers as Record<string, string>);
  expect(told).toEqual({ type: event.type, timestamp: event.occurredAt, data: event.order });
  await notifier.close();
  expect(await registry.metrics()).toContain('spillway_notifier_tries_total{outcome="done"} 1');
});

test('a failed try is repeated with the same id and body, newly signed, until it is received', async () => {
  const { publish, receiver } = await start();
  const { id } = await publish();
  const tries = [
    await receiver.answer(500),
    await receiver.answer(404),
    // A redirect is a failure, and nobody goes where it points.
    await receiver.answer(307, { location: '/elsewhere' }),
    await receiver.answer(200),
  ];
  expect(tries.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook', '/hook']);
  expect(new Set(tries.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
  expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
  const signatures = tries.map(({ headers, body }) =>
    new Webhook(SECRET).verify(body, headers as Record<string, string>),
  );
  expect(signatures).toHaveLength(4);
});

test('a later event of an order waits behind one that is retried; another order does not', async () => {
  const { publish, receiver } = await start();
  const orderId = newOrderId();
  const first = await publish({ orderId, sequence: 1 });
  const failing = await receiver.take();
  const second = await publish({ orderId, sequence: 2 });
  const other = await publish();
  const ofOther = await receiver.answer(200);
  failing.response.writeHead(500).end();
  const rest = [await receiver.answer(200), await receiver.answer(200)];
  const ids = [failing, ofOther, ...rest].map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([first.id, other.id, first.id, second.id]);
  expect(second.id).toBe(eventId(orderId, 2));
});

test('a receiver that is gone is not asked again, and its next event is still told', async () => {
  const { publish, receiver, deadLetter } = await start();
  const orderId = newOrderId();
  const event = await publish({ orderId, sequence: 1 });
  const next = await publish({ orderId, sequence: 2 });
  await receiver.answer(410);
  const { headers } = await receiver.answer(200);
  expect(headers['webhook-id']).toBe(next.id);
  const dead = await deadLetter();
  expect(dead.attributes[DEAD_LETTER_REASON]).toBe(
    `${event.id}: The receiver answered 410: it wants no more webhooks`,
  );
  expect(JSON.parse(dead.body)).toEqual(event);
});

test('24 h after the event a failure is the last one', async () => {
  const { publish, receiver, deadLetter } = await start();
  await publish({ occurredAt: new Date(Date.now() - 25 * 3_600_000).toISOString() });
  await receiver.answer(500);
  const dead = await deadLetter();
  expect(dead.attributes[DEAD_LETTER_REASON]).toContain(
    'Not received within 24 h, at last: The receiver answered 500',
  );
});

test('an address that is not allowed is put aside at once, with the reason', async () => {
  const { publish, receiver, deadLetter } = await start({ SPILLWAY_EGRESS_ALLOW: '10.9.9.9' });
  await publish();
  const dead = await deadLetter();
  expect(dead.attributes[DEAD_LETTER_REASON]).toContain(
    '127.0.0.1 is a loopback address, which is not allowed.',
  );
  expect(receiver.requests).toBe(0);
});

test('a receiver that asks for more time gets it', async () => {
  const { publish, receiver } = await start();
  await publish();
  const first = await receiver.answer(429, { 'retry-after': '2' });
  const second = await receiver.answer(503, { 'retry-after': '0' });
  await receiver.answer(200);
  expect(second.at - first.at).toBeGreaterThanOrEqual(1950);
});

test('nobody listening is a failure that passes', async () => {
  const { publish, receiver } = await start();
  const webhook = { url: 'http://nobody.invalid/', events: ['order.completed' as const] };
  const orderId = newOrderId();
  const dead = await publish({ orderId, webhook, occurredAt: '2020-01-01T00:00:00.000Z' });
  const next = await publish({ orderId, sequence: 9 });
  const { headers } = await receiver.answer(200);
  expect([dead.id, headers['webhook-id']]).toEqual([eventId(orderId, 3), next.id]);
});

test('an event that its order did not choose is told to nobody', async () => {
  const { publish, receiver } = await start();
  const orderId = newOrderId();
  await publish({ orderId, sequence: 1, type: 'order.running' });
  const chosen = await publish({ orderId, sequence: 2 });
  const { headers } = await receiver.answer(200);
  expect(headers['webhook-id']).toBe(chosen.id);
  expect(receiver.requests).toBe(1);
});

test('a stop cuts a receiver that does not answer, and the event is told by the next notifier', async () => {
  const { publish, receiver, notifier, startAnother, registry } = await start({
    SPILLWAY_STOP_GRACE_SECONDS: '0',
  });
  const { id } = await publish();
  await receiver.take();
  await notifier.close();
  expect(await registry.metrics()).toContain('outcome="given_back"} 1');
  startAnother();
  const { headers } = await receiver.answer(200);
  expect(headers['webhook-id']).toBe(id);
});

test.each(['', 'secret', 'whsec_dG9vIHNob3J0', 'whsec_!'])('"%s" is no secret', (secret) => {
  expect(() => readNotifierConfig({ SPILLWAY_WEBHOOK_SECRET: secret })).toThrow(
    'SPILLWAY_WEBHOOK_SECRET',
  );
});
