import { WebhookEvent, WebhookEventType, WebhookTest } from '@spillway/contracts';
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';

const ENDPOINT_ID = 'whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const ORDER_ID = 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const EVENT_ID = 'evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_7';
const AT = '2026-11-23T05:00:00.000Z';

const addresses = (name: string) => `http://127.0.0.1:8080/v1/orders/${ORDER_ID}/playback/${name}`;

const playing = {
  ready: true,
  hlsUrl: addresses('master.m3u8'),
  dashUrl: addresses('manifest.mpd'),
  posterUrl: addresses('poster.jpg'),
  thumbnailsUrl: null,
  mp4Url: null,
  playUrl: `http://127.0.0.1:8080/play/${ORDER_ID}`,
};

const running: WebhookEvent['data'] = {
  id: ORDER_ID,
  customerId: 'acme',
  status: 'running',
  stage: 'encode',
  progress: 0.3,
  error: null,
  playback: { ...playing, ready: false },
  metadata: { album: '7' },
  warnings: [],
  changed: ['status', 'stage', 'progress'],
};

const failure = {
  code: 'source_not_media' as const,
  message: 'The source is not a video.',
  retryable: false,
};
const unplayable = { ...running, playback: null };

const told: Record<WebhookEvent['type'], WebhookEvent['data']> = {
  'order.running': running,
  'order.playable': { ...running, playback: playing, changed: ['progress', 'playback'] },
  'order.completed': {
    ...running,
    ...{ status: 'completed', stage: 'package', progress: 1, playback: playing },
    changed: ['status', 'stage', 'progress', 'playback'],
  },
  'order.failed': {
    ...unplayable,
    ...{ status: 'failed', error: failure, changed: ['status', 'error', 'playback'] },
  },
  'order.canceled': { ...unplayable, status: 'canceled', changed: ['status', 'playback'] },
  'order.timed_out': { ...unplayable, status: 'timed_out', changed: ['status', 'playback'] },
};

const summaries: Record<WebhookEvent['type'], string> = {
  'order.running': 'A worker has begun.',
  'order.playable': 'It plays while the rest is being encoded.',
  'order.completed': 'It is done.',
  'order.failed': 'It failed for good; `error` says why.',
  'order.canceled': 'It was canceled.',
  'order.timed_out': 'It took too long.',
};

const headers = z.object({
  'webhook-id': z.string().meta({
    description: 'Of the event, the same for every try: drop what you have seen.',
    example: EVENT_ID,
  }),
  'webhook-timestamp': z.string().meta({
    description: 'Of this try, in seconds since 1970.',
    example: '1763877600',
  }),
  'webhook-signature': z.string().meta({
    description: 'Standard Webhooks: one or more of `v1,<base64>`, by spaces; one must fit.',
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  }),
});

const responses = {
  '2XX': { description: 'Received. Anything else is tried again for 24 h.' },
  410: { description: 'No more of this: an endpoint is disabled.' },
};

const webhook = (operationId: string, summary: string, schema: z.ZodType, example: unknown) => ({
  post: {
    operationId,
    summary,
    tags: ['webhooks'],
    security: [],
    requestParams: { header: headers },
    requestBody: { required: true, content: { 'application/json': { schema, example } } },
    responses,
  },
});

/** `order.timed_out` is told as `onOrderTimedOut`. */
const operationIdOf = (type: string): string =>
  `on${type.replace(/(?:^|[._])(\w)/g, (_match, first: string) => first.toUpperCase())}`;

/** What receivers are told. */
export const webhookEvents: ZodOpenApiPathsObject = {
  ...Object.fromEntries(
    WebhookEventType.options.map((type) => {
      const example: WebhookEvent = { type, timestamp: AT, data: told[type] };
      return [type, webhook(operationIdOf(type), summaries[type], WebhookEvent, example)];
    }),
  ),
  'webhook.test': webhook('onWebhookTest', 'A test was asked for.', WebhookTest, {
    type: 'webhook.test',
    timestamp: AT,
    data: { webhookEndpointId: ENDPOINT_ID },
  }),
};
