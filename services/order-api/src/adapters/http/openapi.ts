import { Backlog } from '@spillway/contracts';
import * as z from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { onlyFile, orderPaths, path } from './openapi-orders.ts';
import { problemResponses } from './problem-responses.ts';

const RangeHeaders = z.object({
  Range: z.string().optional().meta({ example: 'bytes=0-1023' }),
  'If-Range': z.string().optional(),
  'If-None-Match': z.string().optional(),
});
const fileResponses = {
  200: onlyFile('The file.', 'application/octet-stream'),
  206: onlyFile('The bytes that were asked for.', 'application/octet-stream'),
  304: { description: 'Not changed.' },
  ...problemResponses('file-not-found', 'range-not-satisfiable', 'storage-unavailable'),
};

const playbackPaths: ZodOpenApiPathsObject = {
  '/v1/orders/{id}/playback/{path}': {
    get: {
      operationId: 'getPlaybackFile',
      summary:
        'A file of the stream: master.m3u8 (growing until the order has completed), manifest.mpd, poster.jpg, qc.json, segments.',
      tags: ['playback'],
      requestParams: {
        path: path.extend({ path: z.string().meta({ example: 'master.m3u8' }) }),
        header: RangeHeaders,
      },
      responses: fileResponses,
    },
  },
  '/v1/orders/{id}/{attempt}/{path}': {
    get: {
      operationId: 'getMediaFile',
      summary: 'A segment or a picture that playlists name, where its encoder put it.',
      tags: ['playback'],
      requestParams: {
        path: path.extend({
          attempt: z.string().meta({ example: 'encode-chunk-0-att_01JD3Q5ZK7R8M2N4P6S8T0V1W2' }),
          path: z.string().meta({ example: '720p/00001.m4s' }),
        }),
        header: RangeHeaders,
      },
      responses: fileResponses,
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
