import {
  ChangeWebhookEndpoint,
  CreateWebhookEndpoint,
  RotateWebhookSecret,
  WebhookDelivery,
  WebhookDeliveryId,
  WebhookDeliveryPage,
  WebhookEndpoint,
  WebhookEndpointId,
  WebhookEndpointPage,
  WebhookEndpointWithSecret,
  WebhookSecret,
} from '@spillway/contracts';
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { PageQuery } from './cursor.ts';
import { problemResponses } from './problem-responses.ts';

const ENDPOINT_ID = 'whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const ORDER_ID = 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const EVENT_ID = 'evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_7';
const AT = '2026-11-23T05:00:00.000Z';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';

const endpoint: WebhookEndpoint = {
  id: ENDPOINT_ID,
  customerId: 'acme',
  url: 'https://app.example.com/webhooks/spillway',
  events: ['order.completed', 'order.failed', 'order.canceled', 'order.timed_out'],
  description: 'Production',
  disabled: false,
  disabledReason: null,
  failingSince: null,
  previousSecretUntil: null,
  createdAt: AT,
};

const delivery: WebhookDelivery = {
  id: 'dlv_01JD3Q5ZK7R8M2N4P6S8T0V1W2',
  webhookEndpointId: ENDPOINT_ID,
  eventId: EVENT_ID,
  type: 'order.completed',
  orderId: ORDER_ID,
  status: 'delivered',
  attempts: [
    { at: AT, status: 500, error: 'The receiver answered 500', durationMs: 41 },
    { at: '2026-11-23T05:00:05.200Z', status: 204, error: null, durationMs: 38 },
  ],
  nextTryAt: null,
  createdAt: AT,
};

const pending: WebhookDelivery = { ...delivery, status: 'pending', attempts: [] };
const test: WebhookDelivery = {
  ...delivery,
  eventId: delivery.id,
  type: 'webhook.test',
  orderId: null,
  attempts: delivery.attempts.slice(1),
};

const answer = (description: string, schema: z.ZodType, example: unknown) => ({
  description,
  content: { 'application/json': { schema, example } },
});
const body = (schema: z.ZodType, example: unknown, required = true) => ({
  required,
  content: { 'application/json': { schema, example } },
});

const tags = ['webhooks'];
const requestParams = { path: z.object({ id: WebhookEndpointId }) };
const notFound = 'webhook-endpoint-not-found';
const wrongBody = ['invalid-json', 'cross-origin', 'body-too-large', 'not-json', 'invalid-body'];

const endpointPaths: ZodOpenApiPathsObject = {
  '/v1/webhook-endpoints': {
    post: {
      operationId: 'createWebhookEndpoint',
      summary:
        'Be told of the events of all your orders. The answer shows the secret that signs, once.',
      tags,
      requestBody: body(CreateWebhookEndpoint, {
        url: endpoint.url,
        events: ['order.completed', 'order.failed'],
        description: 'Production',
      }),
      responses: {
        201: {
          ...answer('Made.', WebhookEndpointWithSecret, { ...endpoint, secret: SECRET }),
          headers: z.object({
            Location: z.string().meta({ description: 'Where the endpoint is read.' }),
          }),
        },
        ...problemResponses(...wrongBody, 'too-many-webhook-endpoints'),
      },
    },
    get: {
      operationId: 'listWebhookEndpoints',
      summary: 'Webhook endpoints, newest first.',
      tags,
      requestParams: { query: PageQuery },
      responses: {
        200: answer('A page; the next one begins at `nextCursor`.', WebhookEndpointPage, {
          endpoints: [endpoint],
          nextCursor: null,
        }),
        ...problemResponses('invalid-query'),
      },
    },
  },
  '/v1/webhook-endpoints/{id}': {
    get: {
      operationId: 'getWebhookEndpoint',
      summary: 'Read a webhook endpoint.',
      tags,
      requestParams,
      responses: {
        200: answer('The endpoint.', WebhookEndpoint, endpoint),
        ...problemResponses(notFound),
      },
    },
    patch: {
      operationId: 'changeWebhookEndpoint',
      summary: 'Change, disable or enable an endpoint. What was sent before goes on as it was.',
      tags,
      requestParams,
      requestBody: body(ChangeWebhookEndpoint, { events: ['order.completed'], disabled: false }),
      responses: {
        200: answer('As it is from now on, within five seconds everywhere.', WebhookEndpoint, {
          ...endpoint,
          events: ['order.completed'],
        }),
        ...problemResponses(...wrongBody, notFound),
      },
    },
    delete: {
      operationId: 'deleteWebhookEndpoint',
      summary: 'Remove an endpoint and its deliveries. What was sent before is tried to its end.',
      tags,
      requestParams,
      responses: {
        204: { description: 'Removed.' },
        ...problemResponses('cross-origin', notFound),
      },
    },
  },
  '/v1/webhook-endpoints/{id}/rotate-secret': {
    post: {
      operationId: 'rotateWebhookSecret',
      summary: 'A new secret, shown once; for a while both sign, so that no receiver is left out.',
      tags,
      requestParams,
      requestBody: body(RotateWebhookSecret, { overlapSeconds: 86_400 }, false),
      responses: {
        200: answer('With the new secret.', WebhookEndpointWithSecret, {
          ...endpoint,
          previousSecretUntil: '2026-11-24T05:00:00.000Z',
          secret: SECRET,
        }),
        ...problemResponses(...wrongBody, notFound),
      },
    },
  },
};

const deliveryPaths: ZodOpenApiPathsObject = {
  '/v1/webhook-endpoints/{id}/test': {
    post: {
      operationId: 'testWebhookEndpoint',
      summary: 'Send `webhook.test` now, and answer what the receiver said: up to 20 s.',
      tags,
      requestParams,
      responses: {
        200: answer('What became of it; `pending` after 20 s.', WebhookDelivery, test),
        ...problemResponses('cross-origin', notFound),
      },
    },
  },
  '/v1/webhook-endpoints/{id}/deliveries': {
    get: {
      operationId: 'listWebhookDeliveries',
      summary: 'What the endpoint was told, newest first, with every attempt.',
      tags,
      requestParams: { ...requestParams, query: PageQuery },
      responses: {
        200: answer('A page; the next one begins at `nextCursor`.', WebhookDeliveryPage, {
          deliveries: [delivery],
          nextCursor: null,
        }),
        ...problemResponses(notFound, 'invalid-query'),
      },
    },
  },
  '/v1/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver': {
    post: {
      operationId: 'redeliverWebhook',
      summary: 'Tell the event again, under the same `webhook-id`, to where the endpoint is now.',
      tags,
      requestParams: {
        path: z.object({ id: WebhookEndpointId, deliveryId: WebhookDeliveryId }),
      },
      responses: {
        202: answer('A new delivery.', WebhookDelivery, pending),
        ...problemResponses(
          ...['cross-origin', notFound, 'webhook-delivery-not-found', 'webhook-not-repeatable'],
        ),
      },
    },
  },
  '/v1/webhook-secret': {
    get: {
      operationId: 'getWebhookSecret',
      summary: 'The secret that signs the webhooks that your orders name themselves.',
      tags,
      responses: { 200: answer('The secret.', WebhookSecret, { secret: SECRET }) },
    },
  },
};

/** Webhook endpoints: their life over HTTP. */
export const webhookPaths: ZodOpenApiPathsObject = { ...endpointPaths, ...deliveryPaths };
