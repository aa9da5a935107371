import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { startBroker } from '@spillway/broker';
import {
  DELIVERY_RESULTS,
  DeliveryResult,
  eventId,
  NOTIFICATIONS,
  type Notification,
  newOrderId,
  topology,
} from '@spillway/contracts';
import {
  createSqsMessaging,
  DEAD_LETTER_REASON,
  type Delivery,
  deadLetterQueueOf,
  jsonMessage,
} from '@spillway/messaging';
import { createLogger, customerWebhookSecret, endpointSecret } from '@spillway/runtime';
import { Registry } from 'prom-client';
import { Webhook } from 'standardwebhooks';
import { readNotifierConfig, startNotifier } from './index.ts';
import { endpoint, notification, publishedEvent } from './testing/events.ts';
import { Receiver } from './testing/receiver.ts';

const SECRET = 'a secret of 32 characters or more';
const ofCustomer = new Webhook(customerWebhookSecret(SECRET, 'acme'));
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
    SPILLWAY_SECRET: SECRET,
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
    messaging,
    notifier,
    startAnother,
    receiver,
    url,
    /** Sends as the order API does. */
    async send(fields: Parameters<typeof notification>[0] = {}): Promise<Notification> {
      const told = notification({ url: `${url}/hook`, ...fields });
      const { id, orderId, endpoint } = told;
      const group = `${orderId}/${endpoint?.id}`;
      const order = { group, deduplicationId: endpoint?.deliveryId ?? id };
      await messaging.send(NOTIFICATIONS, [jsonMessage(told, order)]);
      return told;
    },
    /** Sends as the order API of before did, by the topic. */
    async sendOld(): Promise<string> {
      const event = publishedEvent({
        webhook: { url: `${url}/hook`, events: ['order.completed'] },
      });
      const order = { group: event.orderId, deduplicationId: event.id };
      await messaging.send(NOTIFICATIONS, [jsonMessage(event, order)]);
      return event.id;
    },
    /** The next result that the order API would get. */
    result: () =>
      new Promise<DeliveryResult>((resolve) => {
        const results = messaging.subscribe(
          [DELIVERY_RESULTS],
          { concurrency: 1 },
          async (delivery) => {
            await delivery.ack();
            resolve(DeliveryResult.parse(JSON.parse(delivery.body)));
            void results.stop();
          },
        );
      }),
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
  const { send, receiver, notifier, registry } = await start();
  const { id, payload } = await send();
  const { headers, body, path } = await receiver.answer(204);
  expect(path).toBe('/hook');
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': id });
  expect(ofCustomer.verify(body, headers as Record<string, string>)).toEqual(payload);
  await notifier.close();
  expect(await registry.metrics()).toContain(
    'spillway_notifier_tries_total{outcome="delivered"} 1',
  );
});

test('an endpoint is signed to with its own secrets, those of an overlap and the next', async () => {
  const { send, receiver } = await start();
  const { payload, endpoint: to } = await send({ endpoint: endpoint({ secretVersions: [3, 2] }) });
  const { headers, body } = await receiver.answer(200);
  const verify = (version: number) => {
    const secret = endpointSecret(SECRET, to?.id ?? '', version);
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  };
  for (const version of [2, 3, 4]) expect(verify(version)).toEqual(payload);
  for (const version of [1, 5]) expect(() => verify(version)).toThrow('No matching signature');
  expect(() => ofCustomer.verify(body, headers as Record<string, string>)).toThrow();
});

test('every try at an endpoint is reported, with its status and what comes next', async () => {
  const { send, receiver, result } = await start();
  const { endpoint: to } = await send({ endpoint: endpoint() });
  await receiver.answer(500);
  const first = await result();
  expect(first).toMatchObject({
    ...{ deliveryId: to?.deliveryId, endpointId: to?.id, status: 'pending', gone: false },
    attempt: { status: 500, error: 'The receiver answered 500' },
  });
  expect(Date.parse(first.nextTryAt ?? '')).toBeGreaterThan(Date.parse(first.attempt.at));
  await receiver.answer(204);
  expect(await result()).toMatchObject({
    ...{ status: 'delivered', nextTryAt: null },
    attempt: { status: 204, error: null },
  });
});

test('an endpoint that is gone is reported, and is no dead letter', async () => {
  const { send, receiver, result, messaging } = await start();
  await send({ endpoint: endpoint() });
  await receiver.answer(410);
  expect(await result()).toMatchObject({ status: 'failed', gone: true, attempt: { status: 410 } });
  expect((await messaging.depth(deadLetterQueueOf(NOTIFICATIONS))).waiting).toBe(0);
});

test('a test is not tried again', async () => {
  const { send, receiver, result } = await start();
  await send({ endpoint: endpoint(), once: true, orderId: null });
  await receiver.answer(500);
  expect(await result()).toMatchObject({ status: 'failed', nextTryAt: null });
  expect(receiver.requests).toBe(1);
});

test('a failed try is repeated with the same id and body, newly signed, until it is received', async () => {
  const { send, receiver } = await start();
  const { id } = await send();
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
    ofCustomer.verify(body, headers as Record<string, string>),
  );
  expect(signatures).toHaveLength(4);
});

test('a later event of an order waits behind one that is retried; another order does not', async () => {
  const { send, receiver } = await start();
  const orderId = newOrderId();
  const first = await send({ orderId, sequence: 1 });
  const failing = await receiver.take();
  const second = await send({ orderId, sequence: 2 });
  const other = await send();
  const ofOther = await receiver.answer(200);
  failing.response.writeHead(500).end();
  const rest = [await receiver.answer(200), await receiver.answer(200)];
  const ids = [failing, ofOther, ...rest].map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([first.id, other.id, first.id, second.id]);
  expect(second.id).toBe(eventId(orderId, 2));
});

test('receivers that hang do not hold the others: each has a share of the slots', async () => {
  const { send, receiver, url, registry } = await start({ SPILLWAY_NOTIFIER_SLOTS: '4' });
  // One of four slots for a receiver, two for a customer.
  const hanging = { customerId: 'hung', url: `${url}/hang` };
  const ids = ['whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2', 'whe_01JD3Q5ZK7R8M2N4P6S8T0V1W3'];
  const sent = ids.flatMap((id) =>
    [1, 2, 3].map(() => send({ ...hanging, endpoint: endpoint({ id }) })),
  );
  await Promise.all(sent);
  const hung = [await receiver.take(), await receiver.take()];
  expect(hung.map(({ path }) => path)).toEqual(['/hang', '/hang']);
  for (let count = 0; count < 5; count++) {
    const { id } = await send({ customerId: 'well' });
    const { headers, path } = await receiver.answer(200);
    expect([path, headers['webhook-id']]).toEqual(['/hook', id]);
  }
  // Nobody was forgotten: as soon as there is room, the next one comes.
  hung[0]?.response.writeHead(200).end();
  expect((await receiver.answer(200)).path).toBe('/hang');
  expect(await registry.metrics()).toMatch(/spillway_notifier_busy_total [1-9]/);
});

test('a receiver that is gone is not asked again, and its next event is still told', async () => {
  const { send, receiver, deadLetter } = await start();
  const orderId = newOrderId();
  const event = await send({ orderId, sequence: 1 });
  const next = await send({ orderId, sequence: 2 });
  await receiver.answer(410);
  const { headers } = await receiver.answer(200);
  expect(headers['webhook-id']).toBe(next.id);
  const dead = await deadLetter();
  expect(dead.attributes[DEAD_LETTER_REASON]).toBe(
    `${event.id}: The receiver answered 410: it wants no more webhooks`,
  );
  expect(JSON.parse(dead.body)).toEqual(event);
});

test('after 24 h a failure is the last one', async () => {
  const { send, receiver, deadLetter } = await start();
  await send({ since: new Date(Date.now() - 25 * 3_600_000).toISOString() });
  await receiver.answer(500);
  const dead = await deadLetter();
  expect(dead.attributes[DEAD_LETTER_REASON]).toContain(
    'Not received within 24 h, at last: The receiver answered 500',
  );
});

test('an address that is not allowed is put aside at once, with the reason', async () => {
  const { send, receiver, deadLetter } = await start({ SPILLWAY_EGRESS_ALLOW: '10.9.9.9' });
  await send();
  const dead = await deadLetter();
  expect(dead.attributes[DEAD_LETTER_REASON]).toContain(
    '127.0.0.1 is a loopback address, which is not allowed.',
  );
  expect(receiver.requests).toBe(0);
});

test.each([
  ['http://[::ffff:127.0.0.1]/hook', 'wrapped in IPv6'],
  ['http://2130706433/hook', 'loopback'],
  ['http://169.254.169.254/latest/meta-data', 'cloud metadata'],
  ['http://user:password@app.test/', 'user name'],
  ['file:///etc/passwd', 'Only http and https'],
])('%s is refused when it is to be sent to', async (url, reason) => {
  const { send, result } = await start({ SPILLWAY_EGRESS_ALLOW: '10.9.9.9' });
  await send({ url, endpoint: endpoint() });
  const { status, attempt } = await result();
  expect([status, attempt.status]).toEqual(['failed', null]);
  expect(attempt.error).toContain(reason);
});

test('a receiver that asks for more time gets it', async () => {
  const { send, receiver } = await start();
  await send();
  const first = await receiver.answer(429, { 'retry-after': '2' });
  const second = await receiver.answer(503, { 'retry-after': '0' });
  await receiver.answer(200);
  expect(second.at - first.at).toBeGreaterThanOrEqual(1950);
});

test('nobody listening is a failure that passes', async () => {
  const { send, receiver } = await start();
  const orderId = newOrderId();
  const since = '2020-01-01T00:00:00.000Z';
  const dead = await send({ orderId, url: 'http://nobody.invalid/', since });
  const next = await send({ orderId, sequence: 9 });
  const { headers } = await receiver.answer(200);
  expect([dead.id, headers['webhook-id']]).toEqual([eventId(orderId, 3), next.id]);
});

test('what the order API of before has sent is told too', async () => {
  const { sendOld, receiver } = await start();
  const id = await sendOld();
  const { headers, body } = await receiver.answer(200);
  expect(headers['webhook-id']).toBe(id);
  expect(ofCustomer.verify(body, headers as Record<string, string>)).toMatchObject({
    type: 'order.completed',
    data: { status: 'completed' },
  });
});

test('a stop cuts a receiver that does not answer, and the event is told by the next notifier', async () => {
  const { send, receiver, notifier, startAnother } = await start({
    SPILLWAY_STOP_GRACE_SECONDS: '0',
  });
  const { id } = await send();
  await receiver.take();
  await notifier.close();
  startAnother();
  const { headers } = await receiver.answer(200);
  expect(headers['webhook-id']).toBe(id);
});

test('a secret of a few characters is none', () => {
  expect(() => readNotifierConfig({ SPILLWAY_SECRET: 'secret' })).toThrow('SPILLWAY_SECRET');
});
