// Webhook endpoints from making one to verifying what it is told, over HTTP only.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type {
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
} from '@spillway/contracts';
import { Webhook } from 'standardwebhooks';
import { acceptedOrder } from './support/orders.ts';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';
import {
  type ReceivedWebhook,
  receiveWebhooks,
  type WebhookReceiver,
} from './support/webhook-receiver.ts';

let folder: string;
let spillway: SpillwayProcess;
let receiver: WebhookReceiver;
let endpoint: WebhookEndpointWithSecret;
let orderId: string;

async function ask<T>(path: string, method = 'GET', body?: object): Promise<T> {
  const response = await fetch(`${spillway.url}/v1/webhook-endpoints${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** An order for what is no video: it fails at its first job. */
async function orderThatFails(): Promise<string> {
  const source = join(folder, 'no-video.mp4');
  await writeFile(source, 'this is text');
  return (await acceptedOrder(spillway.url, { source: { url: pathToFileURL(source).href } })).id;
}

/** The newest delivery, once it has ended. */
async function lastDelivery(): Promise<WebhookDelivery> {
  for (;;) {
    const { deliveries } = await ask<WebhookDeliveryPage>(`/${endpoint.id}/deliveries`);
    const [newest] = deliveries;
    if (newest && newest.status !== 'pending') return newest;
  }
}

async function next(count: number): Promise<ReceivedWebhook> {
  await receiver.count(count);
  const received = receiver.received[count - 1];
  if (!received) throw new Error('no webhook');
  return received;
}

const verify = (secret: string, { body, headers }: ReceivedWebhook): unknown =>
  new Webhook(secret).verify(body, headers);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-webhooks-'));
  receiver = await receiveWebhooks();
  spillway = await startSpillway(join(folder, 'data'));
  endpoint = await ask('', 'POST', { url: receiver.url });
});

afterAll(async () => {
  await spillway?.stop();
  receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a test is sent at once, and its answer is what the receiver said', async () => {
  const delivery = await ask<WebhookDelivery>(`/${endpoint.id}/test`, 'POST');
  expect(delivery).toMatchObject({
    ...{ type: 'webhook.test', status: 'delivered' },
    attempts: [{ status: 204, error: null }],
  });
  const told = await next(1);
  expect(verify(endpoint.secret, told)).toMatchObject({
    type: 'webhook.test',
    data: { webhookEndpointId: endpoint.id },
  });
});

test('every order is told of, signed, and listed among the deliveries', async () => {
  orderId = await orderThatFails();
  const told = await next(2);
  expect(verify(endpoint.secret, told)).toMatchObject({
    type: 'order.failed',
    data: { id: orderId, status: 'failed', changed: ['status', 'error', 'playback'] },
  });
  expect(await lastDelivery()).toMatchObject({
    ...{ orderId, type: 'order.failed', status: 'delivered' },
    eventId: told.headers['webhook-id'],
  });
});

test('it is told again under the same id, after a rotation with both secrets', async () => {
  const before = endpoint.secret;
  endpoint = await ask(`/${endpoint.id}/rotate-secret`, 'POST', { overlapSeconds: 3600 });
  expect(endpoint.secret).not.toBe(before);
  const { id, eventId } = await lastDelivery();
  await ask(`/${endpoint.id}/deliveries/${id}/redeliver`, 'POST');
  const told = await next(3);
  expect(told.headers['webhook-id']).toBe(eventId);
  for (const secret of [before, endpoint.secret]) {
    expect(verify(secret, told)).toMatchObject({ data: { id: orderId } });
  }
});

test('after the overlap the old secret verifies no more', async () => {
  const before = endpoint.secret;
  endpoint = await ask(`/${endpoint.id}/rotate-secret`, 'POST', { overlapSeconds: 0 });
  await ask(`/${endpoint.id}/test`, 'POST');
  const told = await next(4);
  expect(() => verify(before, told)).toThrow('No matching signature');
  expect(verify(endpoint.secret, told)).toMatchObject({ type: 'webhook.test' });
});

test('one that answers 410 is disabled, and its owner reads why', async () => {
  receiver.status = 410;
  await orderThatFails();
  await next(5);
  expect(await lastDelivery()).toMatchObject({ status: 'failed', attempts: [{ status: 410 }] });
  expect(await ask<WebhookEndpoint>(`/${endpoint.id}`)).toMatchObject({
    disabled: true,
    disabledReason: 'The receiver answered 410: it wants no more webhooks',
  });
});
