import { Backlog, CreateOrder, Order, OrderId, OrderPage } from '@spillway/contracts';
import * as z from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { IdempotencyKey, OrderListQuery } from './order-routes.ts';
import { problemResponses } from './problem-responses.ts';

const ORDER_ID = 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const BASE = 'http://127.0.0.1:8080';

const queuedOrder: Order = {
  id: ORDER_ID,
  customerId: 'default',
  status: 'queued',
  stage: 'ingest',
  progress: 0,
  source: { url: 'https://media.example.com/holiday.mp4' },
  outputs: { formats: ['hls', 'dash'], allowPartial: false },
  priority: 'normal',
  webhook: null,
  metadata: { album: '7' },
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

const path = z.object({ id: OrderId });
const onlyFile = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: z.string() } },
});

const orderPaths: ZodOpenApiPathsObject = {
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
            example: {
              source: { url: 'https://media.example.com/holiday.mp4' },
              metadata: { album: '7' },
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
        ...problemResponses('order-not-found', 'invalid-header'),
      },
    },
  },
};

const playbackPaths: ZodOpenApiPathsObject = {
  '/v1/orders/{id}/playback/{path}': {
    get: {
      operationId: 'getPlaybackFile',
      summary: 'A file of the stream: master.m3u8, manifest.mpd, poster.jpg, qc.json, segments.',
      tags: ['playback'],
      requestParams: {
        path: path.extend({ path: z.string().meta({ example: 'master.m3u8' }) }),
        header: z.object({
          Range: z.string().optional().meta({ example: 'bytes=0-1023' }),
          'If-Range': z.string().optional(),
          'If-None-Match': z.string().optional(),
        }),
      },
      responses: {
        200: onlyFile('The file.', 'application/octet-stream'),
        206: onlyFile('The bytes that were asked for.', 'application/octet-stream'),
        304: { description: 'Not changed.' },
        ...problemResponses('file-not-found', 'range-not-satisfiable', 'storage-unavailable'),
      },
    },
  },
  '/play/{id}': {
    get: {
      operationId: 'getPlayer',
      summary: 'A page that plays the order.',
      tags: ['playback'],
      requestParams: { path },
      responses: {
        200: onlyFile('The page.', 'text/html'),
        ...problemResponses('order-not-found'),
      },
    },
  },
};

const Health = z.object({ status: z.string(), parts: z.record(z.string(), z.string()).optional() });
const health = (description: string) => ({
  description,
  content: { 'application/json': { schema: Health } },
});

const operatorPaths: ZodOpenApiPathsObject = {
  '/v1/backlog': {
    get: {
      operationId: 'getBacklog',
      summary: 'What waits and what runs, in jobs and in work-seconds: for an autoscaler.',
      tags: ['operation'],
      responses: {
        200: {
          description: 'Now.',
          content: { 'application/json': { schema: Backlog } },
        },
        ...problemResponses('broker-unavailable'),
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'getDescription',
      summary: 'This document.',
      tags: ['operation'],
      responses: { 200: onlyFile('OpenAPI 3.1.', 'application/json') },
    },
  },
  '/healthz': {
    get: {
      operationId: 'isAlive',
      summary: 'The process lives.',
      tags: ['operation'],
      responses: { 200: health('It does.') },
    },
  },
  '/readyz': {
    get: {
      operationId: 'isReady',
      summary: 'Database, broker and object store answer.',
      tags: ['operation'],
      responses: { 200: health('They do.'), 503: health('One does not.') },
    },
  },
};

/** The API's description, made from the schemas that the routes check with. */
export const openApiDocument = (publicUrl: string) =>
  createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Spillway',
      version: '1',
      description: 'Orders to encode videos. Errors are problem documents (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: [{ name: 'orders' }, { name: 'playback' }, { name: 'operation' }],
    security: [],
    paths: { ...orderPaths, ...playbackPaths, ...operatorPaths },
  });
