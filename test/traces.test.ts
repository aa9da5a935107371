// What a collector of traces sees of an order, from its request to its webhook.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Order } from '@spillway/contracts';
import { makeClip } from '@spillway/media/testing';
import { orderEnd, postOrder } from './support/orders.ts';
import { startSpillway } from './support/spillway.ts';
import {
  type CollectedSpan,
  collectTraces,
  type TraceCollector,
} from './support/trace-collector.ts';
import { receiveWebhooks, type WebhookReceiver } from './support/webhook-receiver.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT_SPAN = '00f067aa0ba902b7';

let folder: string;
let collector: TraceCollector;
let receiver: WebhookReceiver;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-traces-'));
  collector = await collectTraces();
  receiver = await receiveWebhooks();
});
afterAll(async () => {
  collector.close();
  receiver.close();
  await rm(folder, { recursive: true });
});

/** An order that a client's own trace is about, to its end; then Spillway stops. */
async function completeOrder(env: Record<string, string>): Promise<Order> {
  const spillway = await startSpillway(join(folder, 'data'), env);
  const url = pathToFileURL(await makeClip({ folder })).href;
  const webhook = { url: receiver.url, events: ['order.completed'] };
  const traceparent = `00-${TRACE_ID}-${CLIENT_SPAN}-01`;
  const posted = await postOrder(spillway.url, { source: { url }, webhook }, { traceparent });
  const { id } = (await posted.json()) as Order;
  const order = await orderEnd(spillway.url, id);
  await receiver.count(1);
  expect(await spillway.stop()).toBe(0);
  return order;
}

/** The names of the spans above, from the first of the trace on. */
function pathTo(span: CollectedSpan, all: readonly CollectedSpan[]): string[] {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent ? pathTo(parent, all) : []), span.name];
}

test('one trace goes from the client to the webhook, through outbox, queues and worker', async () => {
  const { id, status } = await completeOrder({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
  });
  expect(status).toBe('completed');
  const spans = collector.spans.filter(({ traceId }) => traceId === TRACE_ID);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId));
  expect(roots).toMatchObject([{ name: 'POST /v1/orders', parentSpanId: CLIENT_SPAN }]);
  expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['spillway']));
  const told = spans.find(({ name }) => name === 'tell receiver');
  expect(told && pathTo(told, spans)).toEqual([
    ...['POST /v1/orders', 'accept order'],
    ...['send encode-jobs', 'process encode-jobs', 'attempt prepare'],
    ...['process job-results', 'apply result'],
    ...['send notifications', 'process notifications', 'tell receiver'],
  ]);
  expect(told?.attributes).toMatchObject({ 'spillway.order.id': id });
  const attempt = spans.find(({ name }) => name === 'attempt prepare');
  expect(attempt?.attributes).toMatchObject({
    'spillway.order.id': id,
    'spillway.attempt.end': 'succeeded',
    'spillway.ffmpeg.cpu_seconds': expect.any(Number),
    'spillway.worker': expect.any(String),
  });
  const waited = spans.find(({ name }) => name === 'process encode-jobs')?.attributes;
  expect(waited?.['spillway.queue.wait_seconds']).toEqual(expect.any(Number));
});
