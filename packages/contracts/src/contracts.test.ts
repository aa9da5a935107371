import { expect, test } from '@jest/globals';
import { encodeQueues, queueOfJob, topology } from './channels.ts';
import { isRetryable, JobError } from './errors.ts';
import { eventId, newOrderId, OrderId } from './ids.ts';
import { Job, jobId } from './job.ts';
import { PublishedEvent } from './notification.ts';
import { attemptPrefix, orderPrefix } from './objects.ts';
import { CreateOrder, hasEnded, OrderStatus, Priority } from './order.ts';

test('an order id is valid, unique and sorts by time', () => {
  const ids = Array.from({ length: 100 }, newOrderId);
  for (const id of ids) expect(OrderId.safeParse(id).success).toBe(true);
  expect(new Set(ids).size).toBe(100);
});

test('jobs, events and object keys have deterministic names', () => {
  const order = 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
  expect(jobId(order, 'encode-chunk', 12)).toBe(`${order}/encode-chunk/12`);
  expect(eventId(order, 3)).toBe('evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_3');
  expect(attemptPrefix(order, 'prepare', 0, 'att_x')).toBe(`${orderPrefix(order)}prepare-0-att_x/`);
});

test('encodes wait by priority, the most urgent first; downloads in one queue', () => {
  const queues = Priority.options.map((priority) => queueOfJob('encode-chunk', priority));
  expect(queues).toEqual([...encodeQueues]);
  expect(new Set(queues).size).toBe(3);
  expect(new Set(Priority.options.map((priority) => queueOfJob('ingest', priority))).size).toBe(1);
  const declared = topology.queues.map(({ name }) => name);
  expect(declared).toEqual(expect.arrayContaining(queues));
});

test('an order needs a source and nothing else', () => {
  expect(CreateOrder.parse({ source: { url: 'https://a.example/b.mp4' } })).toEqual({
    source: { url: 'https://a.example/b.mp4' },
    outputs: { preset: 'default', captions: [], allowPartial: false },
    priority: 'normal',
    playback: 'public',
    metadata: {},
  });
});

test.each([
  [{}, 'source'],
  [{ source: { url: 'x' }, colour: 'red' }, 'colour'],
  [{ source: { url: 'x' }, webhook: { url: 'y', events: ['order.eaten'] } }, 'webhook'],
  [{ source: { url: 'x' }, metadata: { a: 1 } }, 'metadata'],
  [
    {
      source: { url: 'x' },
      outputs: { captions: [{ url: 'x', language: `en${'-abcde'.repeat(6)}` }] },
    },
    'language',
  ],
  [{ source: { url: 'x' }, outputs: { destination: 's3://bucket/\ud800/' } }, 'destination'],
])('%j is refused for its %s', (body, field) => {
  const parsed = CreateOrder.safeParse(body);
  expect(parsed.success).toBe(false);
  expect(JSON.stringify(parsed.error?.issues)).toContain(field);
});

test('of the six statuses, four are ends', () => {
  expect(OrderStatus.options.filter(hasEnded)).toEqual([
    'completed',
    'failed',
    'canceled',
    'timed_out',
  ]);
});

test('a failure knows whether trying again can help', () => {
  expect(new JobError('source_not_media', 'x').retryable).toBe(false);
  expect(isRetryable('storage_unavailable')).toBe(true);
});

test('every subscription joins a topic and a queue that exist', () => {
  const queues = topology.queues.map(({ name }) => name);
  const topics = topology.topics.map(({ name }) => name);
  for (const { topic, queue } of topology.subscriptions) {
    expect(topics).toContain(topic);
    expect(queues).toContain(queue);
  }
});

test('an event that was sent before thumbnails and MP4 were made is still read', () => {
  const orderId = newOrderId();
  const order = {
    ...{ id: orderId, customerId: 'c', status: 'completed', stage: 'prepare', progress: 1 },
    ...{ error: null, metadata: {}, warnings: [] },
    playback: { ready: true, hlsUrl: 'a', dashUrl: 'b', posterUrl: 'c', playUrl: 'd' },
  };
  const occurredAt = '2026-11-22T05:00:00.000Z';
  const event = { id: eventId(orderId, 2), type: 'order.completed', sequence: 2, occurredAt };
  const read = PublishedEvent.parse({ schemaVersion: 1, orderId, ...event, order, webhook: null });
  expect(read.order.playback).toMatchObject({ thumbnailsUrl: null, mp4Url: null });
});

test('jobs that an older program has sent are read, with what it did not know as it made it', () => {
  const orderId = newOrderId();
  const fields = { schemaVersion: 1, orderId, customerId: 'c', index: 0, priority: 'normal' };
  const source = { from: 'file', path: '/film.mp4' };
  const jobs = [
    { kind: 'ingest', url: 'https://a.example/b.mp4' },
    { kind: 'prepare', source, outputs: { formats: ['hls'], allowPartial: true } },
  ].map((job) => ({ ...fields, jobId: `${orderId}/${job.kind}/0`, estimateSeconds: null, ...job }));
  const [ingest, prepare] = jobs.map((job) => Job.parse(job));
  expect(ingest).toMatchObject({ uploaded: null, language: null, limits: null });
  expect(prepare).toMatchObject({
    outputs: { formats: ['hls'], allowPartial: true, renditions: null, speed: 'veryfast' },
    captions: [],
    limits: null,
  });
});
