import { CreatePlaybackToken, PlaybackToken, type ViewerOrder } from '@spillway/contracts';
import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { eventText } from './event-stream.ts';
import { onlyFile, path } from './openapi-orders.ts';
import { problemResponses } from './problem-responses.ts';

const ORDER_ID = 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const TOKEN = 'toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K';
const BASE = 'http://127.0.0.1:8080';
const SIGNED = `${BASE}/v1/orders/${ORDER_ID}/signed/${TOKEN}/playback`;

const playback = {
  ready: true,
  hlsUrl: `${SIGNED}/master.m3u8`,
  dashUrl: `${SIGNED}/manifest.mpd`,
  posterUrl: `${SIGNED}/poster.jpg`,
  thumbnailsUrl: null,
  mp4Url: null,
  playUrl: `${BASE}/play/${ORDER_ID}/${TOKEN}`,
};
const newToken: PlaybackToken = {
  token: TOKEN,
  expiresAt: '2026-11-24T05:00:00.000Z',
  playback,
};
const viewed: ViewerOrder = {
  id: ORDER_ID,
  status: 'running',
  stage: 'encode',
  progress: 0.4,
  playback,
};

const RangeHeaders = z.object({
  Range: z.string().optional().meta({ example: 'bytes=0-1023' }),
  'If-Range': z.string().optional(),
  'If-None-Match': z.string().optional(),
});
const token = z.string().meta({
  example: TOKEN,
  description: 'Of the addresses of a signed order; POST .../playback-tokens makes more.',
});
const file = z.string().meta({ example: 'master.m3u8' });
const attempt = z.string().meta({ example: 'encode-chunk-0-att_01JD3Q5ZK7R8M2N4P6S8T0V1W2' });
const segment = z.string().meta({ example: '720p/00001.m4s' });

/** Whoever has the address may play. */
const forViewers = { tags: ['playback'], security: [] };
const refusals = ['playback-not-allowed', 'order-not-found'];
const signedRefusals = ['playback-not-allowed', 'playback-expired', 'order-not-found'];

const fileResponses = (kinds: readonly string[]) => ({
  200: onlyFile('The file.', 'application/octet-stream'),
  206: onlyFile('The bytes that were asked for.', 'application/octet-stream'),
  304: { description: 'Not changed.' },
  ...problemResponses(
    ...[...kinds, 'file-not-found', 'media-elsewhere'],
    ...['range-not-satisfiable', 'storage-unavailable'],
  ),
});

const getFile = (
  operationId: string,
  parameters: z.ZodObject,
  kinds: readonly string[],
): ZodOpenApiOperationObject => ({
  ...forViewers,
  operationId,
  summary:
    'A file of the stream: master.m3u8 (growing until the order has completed), manifest.mpd, poster.jpg, qc.json, segments.',
  requestParams: { path: parameters, header: RangeHeaders },
  responses: {
    ...fileResponses(kinds),
    302: { description: 'Media, where a CDN serves it (SPILLWAY_MEDIA_BASE_URL).' },
  },
});

const getMedia = (
  operationId: string,
  parameters: z.ZodObject,
  kinds: readonly string[],
): ZodOpenApiOperationObject => ({
  ...forViewers,
  operationId,
  summary: 'A segment or a picture that playlists name, where its encoder put it.',
  requestParams: { path: parameters, header: RangeHeaders },
  responses: fileResponses(kinds),
});

const follow = (
  operationId: string,
  parameters: z.ZodObject,
  kinds: readonly string[],
): ZodOpenApiOperationObject => ({
  ...forViewers,
  operationId,
  summary: 'Server-sent events for a page with a player: how far the order is, now and on.',
  requestParams: {
    path: parameters,
    header: z.object({ 'Last-Event-ID': z.string().optional() }),
  },
  responses: {
    200: {
      description: 'Each event is named `order`; its data is a ViewerOrder as JSON.',
      content: {
        'text/event-stream': {
          schema: z.string(),
          example: eventText(7, 'order', viewed),
        },
      },
    },
    204: { description: 'There is nothing more to tell.' },
    ...problemResponses(...kinds, 'invalid-header', 'too-many-listeners'),
  },
});

const page = (
  operationId: string,
  parameters: z.ZodObject,
  kinds: readonly string[],
): ZodOpenApiOperationObject => ({
  ...forViewers,
  operationId,
  summary: 'A page that plays the order.',
  requestParams: { path: parameters },
  responses: { 200: onlyFile('The page.', 'text/html'), ...problemResponses(...kinds) },
});

const signed = path.extend({ token });

/** What players fetch, and how long they may. */
export const playbackPaths: ZodOpenApiPathsObject = {
  '/v1/orders/{id}/playback-tokens': {
    post: {
      operationId: 'createPlaybackToken',
      summary: 'Addresses of a signed order for as long as you choose, for example for one viewer.',
      tags: ['playback'],
      requestParams: { path },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: CreatePlaybackToken, example: { seconds: 86_400 } },
        },
      },
      responses: {
        201: {
          description: 'Made; nothing is kept of it, and it cannot be taken back.',
          content: { 'application/json': { schema: PlaybackToken, example: newToken } },
        },
        ...problemResponses('invalid-json', 'cross-origin', 'order-not-found', 'playback-public'),
        ...problemResponses('body-too-large', 'not-json', 'invalid-body'),
      },
    },
  },
  '/v1/orders/{id}/playback/events': { get: follow('followPlayback', path, refusals) },
  '/v1/orders/{id}/signed/{token}/playback/events': {
    get: follow('followSignedPlayback', signed, signedRefusals),
  },
  '/v1/orders/{id}/playback/{path}': {
    get: getFile('getPlaybackFile', path.extend({ path: file }), refusals),
  },
  '/v1/orders/{id}/signed/{token}/playback/{path}': {
    get: getFile('getSignedPlaybackFile', signed.extend({ path: file }), signedRefusals),
  },
  '/v1/orders/{id}/{attempt}/{path}': {
    get: getMedia('getMediaFile', path.extend({ attempt, path: segment }), refusals),
  },
  '/v1/orders/{id}/signed/{token}/{attempt}/{path}': {
    get: getMedia('getSignedMediaFile', signed.extend({ attempt, path: segment }), signedRefusals),
  },
  '/play/{id}': { get: page('getPlayer', path, refusals) },
  '/play/{id}/{token}': { get: page('getSignedPlayer', signed, signedRefusals) },
};
