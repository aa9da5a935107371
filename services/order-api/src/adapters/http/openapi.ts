import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { deadLetterPaths } from './openapi-dead-letters.ts';
import { keyPaths } from './openapi-keys.ts';
import { onlyFile, orderPaths } from './openapi-orders.ts';
import { presetPaths } from './openapi-outputs.ts';
import { playbackPaths } from './openapi-playback.ts';
import { scalingPaths } from './openapi-scaling.ts';
import { sweepPaths } from './openapi-sweep.ts';
import { uploadPaths } from './openapi-uploads.ts';
import { webhookEvents } from './openapi-webhook-events.ts';
import { webhookPaths } from './openapi-webhooks.ts';
import { problemResponses } from './problem-responses.ts';

const Health = z.object({ status: z.string(), parts: z.record(z.string(), z.string()).optional() });
const health = (description: string) => ({
  description,
  content: { 'application/json': { schema: Health } },
});

const operatorPaths: ZodOpenApiPathsObject = {
  '/openapi.json': {
    get: {
      operationId: 'getDescription',
      security: [],
      summary: 'This document.',
      tags: ['operation'],
      responses: { 200: onlyFile('OpenAPI 3.1.', 'application/json') },
    },
  },
  '/healthz': {
    get: {
      operationId: 'isAlive',
      security: [],
      summary: 'The process lives.',
      tags: ['operation'],
      responses: { 200: health('It does.') },
    },
  },
  '/readyz': {
    get: {
      operationId: 'isReady',
      security: [],
      summary: 'Database, broker and object store answer.',
      tags: ['operation'],
      responses: { 200: health('They do.'), 503: health('One does not.') },
    },
  },
};

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const keyProblems = problemResponses('key-missing', 'key-invalid', 'rate-limited');

/** What every operation that needs a key may answer besides; `security: []` marks those that need none. */
function withKeyProblems(paths: ZodOpenApiPathsObject): ZodOpenApiPathsObject {
  const withProblems = (operation: ZodOpenApiOperationObject): ZodOpenApiOperationObject =>
    operation.security?.length === 0
      ? operation
      : { ...operation, responses: { ...keyProblems, ...operation.responses } };
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      const operations = methods.flatMap((method) => {
        const operation = item[method];
        return operation ? [[method, withProblems(operation)]] : [];
      });
      return [path, { ...item, ...Object.fromEntries(operations) }];
    }),
  );
}

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
    tags: [
      { name: 'orders', description: 'From a source to a stream.' },
      { name: 'uploads', description: 'Files that come to us, for orders to name.' },
      { name: 'playback', description: 'What players fetch.' },
      { name: 'webhooks', description: 'Whom to tell of events, and what was told.' },
      { name: 'keys', description: 'Customers, their limits and their API keys: for operators.' },
      { name: 'operation', description: 'For operators, autoscalers and health checks.' },
    ],
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key. A server that only its own machine reaches needs none until the first was made.',
        },
      },
    },
    security: [{ apiKey: [] }],
    paths: withKeyProblems({
      ...orderPaths,
      ...playbackPaths,
      ...uploadPaths,
      ...keyPaths,
      ...presetPaths,
      ...webhookPaths,
      ...deadLetterPaths,
      ...scalingPaths,
      ...sweepPaths,
      ...operatorPaths,
    }),
    webhooks: webhookEvents,
  });
