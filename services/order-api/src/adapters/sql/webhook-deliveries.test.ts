import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type DeliveryResult,
  newWebhookDeliveryId,
  newWebhookEndpointId,
} from '@spillway/contracts';
import type { Database } from '@spillway/database';
import { notificationFor } from '../../app/notifications.ts';
import type { DeliveryStore, EndpointStore } from '../../app/webhook-ports.ts';
import type { EndpointState } from '../../domain/webhook-endpoint.ts';
import { openOrderDatabase } from '../../testing/database.ts';
import { sqlDeliveries } from './webhook-deliveries.ts';
import { sqlEndpoints } from './webhook-endpoints.ts';

const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const OLD_URL = 'https://app.test/old';
const NEW_URL = 'https://app.test/new';
let database: Database;
let deliveries: DeliveryStore;
let endpoints: EndpointStore;
let endpointId: string;
let deliveryId: string;

beforeAll(async () => {
  database = await openOrderDatabase();
  deliveries = sqlDeliveries(database);
  endpoints = sqlEndpoints(database);
});
afterAll(() => database.close());

beforeEach(async () => {
  const endpoint: EndpointState = {
    id: newWebhookEndpointId(),
    customerId: 'acme',
    url: OLD_URL,
    events: ['order.completed'],
    description: null,
    disabled: false,
    disabledReason: null,
    failingSince: null,
    previousSecretUntil: null,
    createdAt: new Date().toISOString(),
    secretVersion: 1,
  };
  endpointId = endpoint.id;
  deliveryId = newWebhookDeliveryId();
  await endpoints.create(endpoint, 20);
  const told = { id: deliveryId, orderId: null, payload: { type: 'webhook.test' }, once: true };
  await deliveries.send(
    notificationFor(endpoint, { ...told, since: endpoint.createdAt }, deliveryId),
    trace,
  );
});

/** A try that failed at that second; it is to be repeated a minute later. */
const failedAt = (second: number, fields: Partial<DeliveryResult> = {}): DeliveryResult => ({
  schemaVersion: 1,
  deliveryId,
  endpointId,
  url: OLD_URL,
  attempt: {
    at: new Date(second * 1000).toISOString(),
    status: 500,
    error: `failed at ${second}`,
    durationMs: 1,
  },
  status: 'pending',
  nextTryAt: new Date((second + 60) * 1000).toISOString(),
  gone: false,
  ...fields,
});

test('a result that comes twice at the same time is written once', async () => {
  await deliveries.record([failedAt(1), failedAt(1)]);
  await deliveries.record([failedAt(2), failedAt(1), failedAt(2)]);
  const delivery = await deliveries.find(deliveryId);
  expect(delivery?.attempts).toEqual([failedAt(1).attempt, failedAt(2).attempt]);
});

test('results that overtake each other leave the attempts in order, and what comes next', async () => {
  for (const second of [3, 1, 2]) await deliveries.record([failedAt(second)]);
  const delivery = await deliveries.find(deliveryId);
  expect(delivery?.attempts).toEqual([1, 2, 3].map((second) => failedAt(second).attempt));
  expect(delivery?.nextTryAt).toBe(failedAt(3).nextTryAt);
});

test('what an address says that the endpoint has no more is kept, and no word against the new one', async () => {
  await deliveries.record([failedAt(1)]);
  expect((await endpoints.find(endpointId))?.failingSince).toBe(failedAt(1).attempt.at);
  expect((await endpoints.change(endpointId, { url: NEW_URL }))?.failingSince).toBeNull();
  const gone = failedAt(2, { status: 'failed', nextTryAt: null, gone: true });
  await deliveries.record([gone]);
  expect(await deliveries.find(deliveryId)).toMatchObject({ status: 'failed' });
  expect(await endpoints.find(endpointId)).toMatchObject({ disabled: false, failingSince: null });
  await deliveries.record([{ ...gone, url: NEW_URL }, failedAt(3)]);
  expect(await endpoints.find(endpointId)).toMatchObject({
    disabled: true,
    disabledReason: 'failed at 2',
  });
});

test('a notifier of before does not say where it posted to: it counts', async () => {
  await deliveries.record([failedAt(1, { url: null, gone: true })]);
  expect((await endpoints.find(endpointId))?.disabled).toBe(true);
});
