import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CreatedApiKey,
  DELIVERY_RESULTS,
  type DeliveryResult,
  type Notification,
  type Problem,
  type WebhookDelivery,
  type WebhookDeliveryPage,
  type WebhookEndpoint,
  type WebhookEndpointPage,
  type WebhookEndpointWithSecret,
} from '@spillway/contracts';
import { jsonMessage } from '@spillway/messaging';
import { customerWebhookSecret, endpointSecret } from '@spillway/runtime';
import { ask, startTestApi, type TestApi, testConfig } from './testing/api.ts';
import { failed, succeeded } from './testing/orders.ts';

const { secret: SECRET } = testConfig();
const RECEIVER = 'http://127.0.0.1:9/hook';
const DAY_MS = 24 * 3_600_000;
let api: TestApi;
let clip: string;

beforeAll(async () => {
  api = await startTestApi();
  const file = path.join(api.folder, 'clip.mp4');
  await writeFile(file, 'not looked at');
  clip = pathToFileURL(file).href;
});
afterAll(() => api.close());

const urlOf = (path = '') => `${api.url}/v1/webhook-endpoints${path}`;
const make = async (body: object = {}): Promise<WebhookEndpointWithSecret> =>
  (await ask<WebhookEndpointWithSecret>(urlOf(), { body: { url: RECEIVER, ...body } })).body;
const read = async (id: string): Promise<WebhookEndpoint> =>
  (await ask<WebhookEndpoint>(urlOf(`/${id}`))).body;
const deliveriesOf = async (id: string, query = ''): Promise<WebhookDeliveryPage> =>
  (await ask<WebhookDeliveryPage>(urlOf(`/${id}/deliveries${query}`))).body;
const remove = (id: string) => ask(urlOf(`/${id}`), { method: 'DELETE' });

/** An order that ends at its first job. */
async function orderThatFails(body: object = {}): Promise<string> {
  const placed = await ask(`${api.url}/v1/orders`, {
    body: { source: { url: clip }, ...body },
  });
  const { job } = await api.job(placed.body.id, 'prepare');
  await api.tell(failed(job));
  return placed.body.id;
}

/** What the notifier says of a delivery. */
const resultOf = (
  { endpoint, url }: Notification,
  fields: Partial<DeliveryResult>,
  attempt: Partial<DeliveryResult['attempt']> = {},
): DeliveryResult => ({
  schemaVersion: 1,
  deliveryId: endpoint?.deliveryId ?? '',
  endpointId: endpoint?.id ?? '',
  url,
  status: 'delivered',
  nextTryAt: null,
  gone: false,
  ...fields,
  attempt: { at: new Date().toISOString(), status: 204, error: null, durationMs: 7, ...attempt },
});

const report = (...results: DeliveryResult[]) =>
  api.messaging.send(
    DELIVERY_RESULTS,
    results.map((result) => jsonMessage(result)),
  );

/** Asks again until the answer fits: results come by the broker. */
async function until<T>(look: () => Promise<T>, fits: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await look();
    if (fits(found)) return found;
  }
}

const failedTry = { status: 500, error: 'The receiver answered 500' };

describe('an endpoint', () => {
  test('is made with its secret, which is shown no more', async () => {
    const made = await ask<WebhookEndpointWithSecret>(urlOf(), {
      body: { url: RECEIVER, description: 'Production' },
    });
    expect(made.status).toBe(201);
    const { secret, ...endpoint } = made.body;
    expect(made.headers.get('location')).toBe(`/v1/webhook-endpoints/${endpoint.id}`);
    expect(secret).toBe(endpointSecret(SECRET, endpoint.id, 1));
    expect(endpoint).toMatchObject({
      customerId: 'default',
      url: RECEIVER,
      events: ['order.completed', 'order.failed', 'order.canceled', 'order.timed_out'],
      description: 'Production',
      disabled: false,
      disabledReason: null,
    });
    expect(await read(endpoint.id)).toEqual(endpoint);
    const { body: page } = await ask<WebhookEndpointPage>(urlOf());
    expect(page.endpoints).toEqual([endpoint]);
    const rows = await api.database.query(
      'SELECT row_to_json(e)::text AS row FROM webhook_endpoints e',
    );
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length));
    expect((await remove(endpoint.id)).status).toBe(204);
    expect((await ask(urlOf(`/${endpoint.id}`))).status).toBe(404);
  });

  test.each([
    ['a private address', { url: 'http://192.168.1.1/hook' }, 'url'],
    ['a mapped private address', { url: 'http://[::ffff:10.0.0.1]/' }, 'url'],
    ['a decimal private address', { url: 'http://167772161/' }, 'url'],
    ['a metadata address', { url: 'http://169.254.169.254/latest' }, 'url'],
    ['a file', { url: 'file:///etc/passwd' }, 'url'],
    ['a header in the address', { url: 'https://app.test/\r\nX-Injected: 1' }, 'url'],
    ['a second line in the description', { description: 'a\nERROR b' }, 'description'],
    ['an unknown event', { events: ['order.queued'] }, 'events.0'],
    ['no event', { events: [] }, 'events'],
    ['an unknown field', { secret: 'whsec_mine' }, 'secret'],
  ])('with %s is refused', async (_what, body, field) => {
    const { status, body: problem } = await ask<Problem>(urlOf(), {
      body: { url: RECEIVER, ...body },
    });
    expect([status, problem.errors?.[0]?.field]).toEqual([422, field]);
  });

  test('changes in part, and is told by what it says then', async () => {
    const { id } = await make({ events: ['order.completed'], description: 'old' });
    const change = (body: object) =>
      ask<WebhookEndpoint>(urlOf(`/${id}`), { method: 'PATCH', body });
    await orderThatFails();
    expect((await change({ events: ['order.failed'] })).body).toMatchObject({
      events: ['order.failed'],
      description: 'old',
    });
    expect((await change({ description: null })).body.description).toBeNull();
    expect((await change({ url: 'http://10.0.0.1/' })).status).toBe(422);
    const orderId = await orderThatFails();
    const [told] = await api.notifiedOf(id, 1);
    expect(told).toMatchObject({ orderId, url: RECEIVER, payload: { type: 'order.failed' } });
    expect((await change({ disabled: true })).body).toMatchObject({
      disabled: true,
      disabledReason: 'Its owner said so.',
    });
    await orderThatFails();
    expect((await deliveriesOf(id)).deliveries).toHaveLength(1);
    expect((await change({ disabled: false })).body).toMatchObject({
      disabled: false,
      disabledReason: null,
    });
    await remove(id);
  });

  test('is one of twenty at most', async () => {
    const made: string[] = [];
    for (let count = 0; count < 20; count++) made.push((await make()).id);
    const { status, body } = await ask<Problem>(urlOf(), { body: { url: RECEIVER } });
    expect([status, body.type]).toEqual([
      409,
      expect.stringMatching(/too-many-webhook-endpoints$/),
    ]);
    const first = (await ask<WebhookEndpointPage>(urlOf('?limit=15'))).body;
    const second = (await ask<WebhookEndpointPage>(urlOf(`?limit=15&cursor=${first.nextCursor}`)))
      .body;
    const ids = [...first.endpoints, ...second.endpoints].map(({ id }) => id);
    expect(ids).toEqual(made.toReversed());
    expect(second.nextCursor).toBeNull();
    for (const id of made) await remove(id);
  });
});

describe('an event', () => {
  test('is told to its order’s webhook and to every endpoint that chose it, each by itself', async () => {
    const [one, two, other] = [
      await make(),
      await make({ url: `${RECEIVER}/two` }),
      await make({ events: ['order.completed'] }),
    ];
    const orderId = await orderThatFails({ webhook: { url: `${RECEIVER}/own` } });
    const told = await api.notified(orderId, 3);
    const receivers = told.map(({ endpoint, url }) => [endpoint?.id, url]);
    expect(receivers).toEqual(
      expect.arrayContaining([
        [undefined, `${RECEIVER}/own`],
        [one.id, RECEIVER],
        [two.id, `${RECEIVER}/two`],
      ]),
    );
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(told[0]?.payload).toMatchObject({
      type: 'order.failed',
      data: { id: orderId, status: 'failed', changed: ['status', 'error', 'playback'] },
    });
    expect(JSON.stringify(told)).not.toContain(one.secret.slice('whsec_'.length));
    for (const { id } of [one, two, other]) await remove(id);
  });

  test('names what changed since the event before', async () => {
    const { id } = await make({ events: ['order.running', 'order.completed'] });
    const { body } = await ask(`${api.url}/v1/orders`, { body: { source: { url: clip } } });
    const { job } = await api.job(body.id, 'prepare');
    await api.tell(succeeded(job));
    const [told] = await api.notifiedOf(id, 1);
    expect(told?.payload.data).toMatchObject({ changed: ['status', 'progress', 'playback'] });
    await remove(id);
  });
});

describe('a secret', () => {
  test('is rotated: for a while both versions sign, then the new one alone', async () => {
    const { id } = await make();
    const rotate = (body?: object) =>
      ask<WebhookEndpointWithSecret>(urlOf(`/${id}/rotate-secret`), {
        method: 'POST',
        ...(body && { body }),
      });
    const { body: second } = await rotate();
    expect(second.secret).toBe(endpointSecret(SECRET, id, 2));
    const overlap = Date.parse(second.previousSecretUntil ?? '') - Date.now();
    expect(Math.round(overlap / 60_000)).toBe(24 * 60);
    await orderThatFails();
    await api.notifiedOf(id, 1);
    const { body: third } = await rotate({ overlapSeconds: 0 });
    expect(third.secret).toBe(endpointSecret(SECRET, id, 3));
    await orderThatFails();
    const told = await api.notifiedOf(id, 2);
    expect(told.map(({ endpoint }) => endpoint?.secretVersions)).toEqual([[2, 1], [3]]);
    expect((await rotate({ overlapSeconds: -1 })).status).toBe(422);
    await remove(id);
  });

  test('of the webhooks that orders name is the customer’s own', async () => {
    const { body } = await ask<{ secret: string }>(`${api.url}/v1/webhook-secret`);
    expect(body.secret).toBe(customerWebhookSecret(SECRET, 'default'));
  });
});

describe('a delivery', () => {
  test('is pending from the moment of the event, and keeps every attempt once', async () => {
    const { id } = await make();
    const orderId = await orderThatFails();
    const [told] = (await api.notifiedOf(id, 1)) as [Notification];
    const pending = (await deliveriesOf(id)).deliveries;
    expect(pending).toMatchObject([
      { webhookEndpointId: id, orderId, eventId: told.id, status: 'pending', attempts: [] },
    ]);
    const nextTryAt = new Date(Date.now() + 5000).toISOString();
    const first = resultOf(told, { status: 'pending', nextTryAt }, failedTry);
    await report(first, first);
    const tried = await until(
      () => deliveriesOf(id),
      ({ deliveries }) => deliveries[0]?.attempts.length === 1,
    );
    expect(tried.deliveries[0]).toMatchObject({ status: 'pending', nextTryAt });
    expect((await read(id)).failingSince).toBe(first.attempt.at);
    const second = resultOf(told, {});
    await report(second, first, second);
    const { deliveries } = await until(
      () => deliveriesOf(id),
      (page) => page.deliveries[0]?.status === 'delivered',
    );
    expect(deliveries[0]?.attempts).toEqual([first.attempt, second.attempt]);
    expect(deliveries[0]?.nextTryAt).toBeNull();
    expect((await read(id)).failingSince).toBeNull();
    await remove(id);
  });

  test('is told again under the same event id, and goes with its order', async () => {
    const { id } = await make();
    const orderId = await orderThatFails();
    const [told] = (await api.notifiedOf(id, 1)) as [Notification];
    const deliveryId = told.endpoint?.deliveryId;
    const path = urlOf(`/${id}/deliveries/${deliveryId}/redeliver`);
    const again = await ask<WebhookDelivery>(path, { method: 'POST' });
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ eventId: told.id, orderId, status: 'pending' });
    expect(again.body.id).not.toBe(deliveryId);
    const [, second] = await api.notifiedOf(id, 2);
    expect(second).toMatchObject({ id: told.id, payload: told.payload });
    const page = await deliveriesOf(id, '?limit=1');
    expect(page.deliveries.map((one) => one.id)).toEqual([again.body.id]);
    const next = await deliveriesOf(id, `?limit=1&cursor=${page.nextCursor}`);
    expect(next.deliveries.map((one) => one.id)).toEqual([deliveryId]);
    const elsewhere = await make();
    const wrong = urlOf(`/${elsewhere.id}/deliveries/${deliveryId}/redeliver`);
    expect((await ask(wrong, { method: 'POST' })).status).toBe(404);
    await ask(`${api.url}/v1/orders/${orderId}`, { method: 'DELETE' });
    expect((await deliveriesOf(id)).deliveries).toEqual([]);
    for (const one of [id, elsewhere.id]) await remove(one);
  });

  test('of a test answers what the receiver said, and is not told again', async () => {
    const { id } = await make();
    const asked = ask<WebhookDelivery>(urlOf(`/${id}/test`), { method: 'POST' });
    const [told] = (await api.notifiedOf(id, 1)) as [Notification];
    expect(told).toMatchObject({
      once: true,
      orderId: null,
      payload: { type: 'webhook.test', data: { webhookEndpointId: id } },
    });
    await report(resultOf(told, { status: 'failed' }, failedTry));
    const { status, body } = await asked;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ type: 'webhook.test', status: 'failed', orderId: null },
      attempts: [failedTry],
    });
    const path = urlOf(`/${id}/deliveries/${body.id}/redeliver`);
    expect((await ask(path, { method: 'POST' })).status).toBe(409);
    await remove(id);
  });
});

describe('an endpoint is disabled', () => {
  const disabled = (id: string) =>
    until(
      () => read(id),
      (endpoint) => endpoint.disabled,
    );

  test('at once when it wants no more', async () => {
    const { id } = await make();
    await orderThatFails();
    const [told] = (await api.notifiedOf(id, 1)) as [Notification];
    const error = 'The receiver answered 410: it wants no more webhooks';
    await report(resultOf(told, { status: 'failed', gone: true }, { status: 410, error }));
    expect((await disabled(id)).disabledReason).toBe(error);
    await remove(id);
  });

  test('when it took nothing for three days, and not before', async () => {
    const { id } = await make();
    await orderThatFails();
    const [told] = (await api.notifiedOf(id, 1)) as [Notification];
    const attemptAt = (days: number) => ({
      ...failedTry,
      at: new Date(Date.now() + days * DAY_MS).toISOString(),
    });
    const pending = { status: 'pending' as const };
    for (const days of [0, 2.9]) await report(resultOf(told, pending, attemptAt(days)));
    await until(
      () => deliveriesOf(id),
      ({ deliveries }) => deliveries[0]?.attempts.length === 2,
    );
    expect((await read(id)).disabled).toBe(false);
    await report(resultOf(told, pending, attemptAt(3.1)));
    expect((await disabled(id)).disabledReason).toBe(
      'It took nothing for 3 days, at last: The receiver answered 500',
    );
    const path = urlOf(`/${id}`);
    const { body } = await ask<WebhookEndpoint>(path, {
      method: 'PATCH',
      body: { disabled: false },
    });
    expect(body).toMatchObject({ disabled: false, failingSince: null, disabledReason: null });
    await remove(id);
  });
});

test('another customer’s endpoint is one that does not exist', async () => {
  const adminKey = 'the-key-of-the-operator-32-or-more';
  const shared = await startTestApi({ adminKey });
  const as = <T>(key: string, target: string, asked: { body?: unknown; method?: string } = {}) =>
    ask<T>(`${shared.url}/v1/${target}`, { ...asked, headers: { authorization: `Bearer ${key}` } });
  const keyOf = async (customerId: string) =>
    (await as<CreatedApiKey>(adminKey, 'keys', { body: { customerId } })).body.key;
  const [mine, theirs] = [await keyOf('mine'), await keyOf('theirs')];
  const body = { url: RECEIVER };
  const made = await as<WebhookEndpointWithSecret>(mine, 'webhook-endpoints', { body });
  const at = `webhook-endpoints/${made.body.id}`;
  const statuses = async (key: string) => [
    (await as(key, at)).status,
    (await as(key, at, { method: 'PATCH', body: { disabled: true } })).status,
    (await as(key, `${at}/rotate-secret`, { method: 'POST' })).status,
    (await as(key, `${at}/deliveries`)).status,
    (await as(key, `${at}/deliveries/dlv_1/redeliver`, { method: 'POST' })).status,
  ];
  const theirTest = as(theirs, `${at}/test`, { method: 'POST' });
  const theirRemoval = as(theirs, at, { method: 'DELETE' });
  expect([(await theirTest).status, (await theirRemoval).status]).toEqual([404, 404]);
  expect(await statuses(theirs)).toEqual([404, 404, 404, 404, 404]);
  expect(await statuses(mine)).toEqual([200, 200, 200, 200, 404]);
  const list = async (key: string) =>
    (await as<WebhookEndpointPage>(key, 'webhook-endpoints')).body.endpoints.map(({ id }) => id);
  expect([await list(mine), await list(theirs), await list(adminKey)]).toEqual([
    [made.body.id],
    [],
    [made.body.id],
  ]);
  const secretOf = async (key: string) =>
    (await as<{ secret: string }>(key, 'webhook-secret')).body.secret;
  expect(await secretOf(mine)).not.toBe(await secretOf(theirs));
  await shared.close();
});
