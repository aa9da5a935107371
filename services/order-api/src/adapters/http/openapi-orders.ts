import { CreateOrder, Order, OrderId, OrderJobs, OrderPage, Outputs } from '@spillway/contracts';
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { IdempotencyKey, OrderListQuery } from './order-routes.ts';
import { problemResponses } from './problem-responses.ts';

const ORDER_ID = 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const BASE = 'http://127.0.0.1:8080';

const captions = {
  url: 'https://media.example.com/holiday.en.srt',
  language: 'en',
  label: 'English',
};

const usualOrder = {
  source: { url: 'https://media.example.com/holiday.mp4' },
  outputs: { captions: [captions] },
  metadata: { album: '7' },
};

const chosenOrder = {
  ...usualOrder,
  outputs: {
    preset: 'high-quality',
    renditions: [{ lines: 1080, crf: 20, maxBitsPerSecond: 8_000_000 }, { lines: 480 }],
    formats: ['hls', 'mp4'],
    audio: { channels: 2, bitsPerSecond: 160_000 },
    speed: 'fast',
  },
};

const queuedOrder: Order = {
  id: ORDER_ID,
  customerId: 'default',
  status: 'queued',
  stage: 'ingest',
  progress: 0,
  source: usualOrder.source,
  outputs: Outputs.parse({ audio: { channels: 2 }, captions: [captions] }),
  priority: 'normal',
  webhook: null,
  metadata: usualOrder.metadata,
  playback: {
    ready: false,
    hlsUrl: `${BASE}/v1/orders/${ORDER_ID}/playback/master.m3u8`,
    dashUrl: `${BASE}/v1/orders/${ORDER_ID}/playback/manifest.mpd`,
    posterUrl: `${BASE}/v1/orders/${ORDER_ID}/playback/poster.jpg`,
    thumbnailsUrl: null,
    mp4Url: null,
    playUrl: `${BASE}/play/${ORDER_ID}`,
  },
  renditions: [],
  delivery: null,
  durationSeconds: null,
  error: null,
  warnings: [],
  createdAt: '2026-11-23T05:00:00.000Z',
  startedAt: null,
  playableAt: null,
  retriedAt: null,
  endedAt: null,
};

const orderResponse = (description: string) => ({
  description,
  content: { 'application/json': { schema: Order, example: queuedOrder } },
});

/** Parameters of a path that names an order. */
export const path = z.object({ id: OrderId });
/** A response whose body is not JSON of ours. */
export const onlyFile = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: z.string() } },
});

/** Orders: their life over HTTP. */
export const orderPaths: ZodOpenApiPathsObject = {
  '/v1/orders': {
    post: {
      operationId: 'createOrder',
      summary: 'Order the encoding of a video. A 202 means that nothing can lose it any more.',
      tags: ['orders'],
      requestParams: { header: z.object({ 'Idempotency-Key': IdempotencyKey.optional() }) },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: CreateOrder,
            examples: {
              default: { summary: 'What most want: the preset `default`.', value: usualOrder },
              chosen: { summary: 'Outputs that are chosen one by one.', value: chosenOrder },
            },
          },
        },
      },
      responses: {
        202: {
          ...orderResponse('Taken.'),
          headers: z.object({
            Location: z.string().meta({ description: 'Where the order is read.' }),
          }),
        },
        ...problemResponses(
          'invalid-json',
          'cross-origin',
          'idempotency-key-in-progress',
          'body-too-large',
          'not-json',
          'invalid-body',
          'rate-limited',
          'too-many-open-orders',
          'database-unavailable',
        ),
      },
    },
    get: {
      operationId: 'listOrders',
      summary: 'Orders, newest first.',
      tags: ['orders'],
      requestParams: { query: OrderListQuery },
      responses: {
        200: {
          description: 'A page; the next one begins at `nextCursor`.',
          content: {
            'application/json': {
              schema: OrderPage,
              example: { orders: [queuedOrder], nextCursor: null },
            },
          },
        },
        ...problemResponses('invalid-query'),
      },
    },
  },
  '/v1/orders/{id}': {
    get: {
      operationId: 'getOrder',
      summary: 'Read an order.',
      tags: ['orders'],
      requestParams: { path },
      responses: { 200: orderResponse('The order.'), ...problemResponses('order-not-found') },
    },
    delete: {
      operationId: 'deleteOrder',
      summary: 'Remove an order that has ended, and every object of it.',
      tags: ['orders'],
      requestParams: { path },
      responses: {
        204: { description: 'Removed.' },
        ...problemResponses(
          'cross-origin',
          'order-not-found',
          'order-not-ended',
          'storage-unavailable',
        ),
      },
    },
  },
  '/v1/orders/{id}/cancel': {
    post: {
      operationId: 'cancelOrder',
      summary: 'End an order; its workers stop within seconds. Doing it again is fine.',
      tags: ['orders'],
      requestParams: { path },
      responses: {
        200: orderResponse('The order, canceled.'),
        ...problemResponses('cross-origin', 'order-not-found', 'order-ended'),
      },
    },
  },
  '/v1/orders/{id}/retry': {
    post: {
      operationId: 'retryOrder',
      summary:
        'Begin an order again that failed, was canceled or timed out: only what failed or is missing is done. Doing it again is fine.',
      tags: ['orders'],
      requestParams: { path },
      responses: {
        202: orderResponse('Begun again; or it was before, and is under way.'),
        ...problemResponses(
          ...['cross-origin', 'order-not-found', 'order-not-retryable'],
          ...['rate-limited', 'too-many-open-orders'],
        ),
      },
    },
  },
  '/v1/orders/{id}/jobs': {
    get: {
      operationId: 'listJobs',
      summary: 'The jobs of an order and every attempt at them, for the engineer on call.',
      tags: ['orders'],
      requestParams: { path },
      responses: {
        200: {
          description: 'In the order of the work.',
          content: { 'application/json': { schema: OrderJobs } },
        },
        ...problemResponses('order-not-found'),
      },
    },
  },
  '/v1/orders/{id}/events': {
    get: {
      operationId: 'followOrder',
      summary: 'Server-sent events: what has happened to the order, then what happens, to its end.',
      tags: ['orders'],
      requestParams: {
        path,
        header: z.object({
          'Last-Event-ID': z.string().optional().meta({ description: 'Only what came after it.' }),
        }),
      },
      responses: {
        200: onlyFile(
          'Each event has the id `sequence`, and as data {type, sequence, occurredAt, order}.',
          'text/event-stream',
        ),
        204: { description: 'There is nothing more to tell.' },
        ...problemResponses('order-not-found', 'invalid-header', 'too-many-listeners'),
      },
    },
  },
};
