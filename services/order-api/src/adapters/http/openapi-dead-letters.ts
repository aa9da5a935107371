import {
  type DeadLetter,
  DeadLetterQuery,
  DeadLetterQueues,
  DeadLetters,
  RedriveDeadLetters,
  RedrivenDeadLetters,
} from '@spillway/contracts';
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problemResponses } from './problem-responses.ts';

const letter: DeadLetter = {
  messageId: '0f0c5a3e-6d9c-4d2b-9c1e-2f6d5f6f1a77',
  body: { schemaVersion: 2, id: 'evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_3' },
  attributes: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
  attempts: 9,
  reason:
    'evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_3: Not received within 24 h, at last: the receiver answered 500',
  sentAt: '2026-11-23T05:00:00.000Z',
  ageSeconds: 86_400.5,
};

const tags = ['operation'];
const queuePath = z.object({
  queue: z
    .string()
    .meta({ description: 'Where the messages came from.', example: 'notifications' }),
});

/** Messages that were put aside: for operators. */
export const deadLetterPaths: ZodOpenApiPathsObject = {
  '/v1/dead-letters': {
    get: {
      operationId: 'countDeadLetters',
      summary: 'How many messages each queue has put aside.',
      tags,
      responses: {
        200: {
          description: 'Every queue.',
          content: {
            'application/json': {
              schema: DeadLetterQueues,
              example: { queues: [{ queue: 'notifications', count: 1 }] },
            },
          },
        },
        ...problemResponses('admin-only', 'broker-unavailable'),
      },
    },
  },
  '/v1/dead-letters/{queue}': {
    get: {
      operationId: 'showDeadLetters',
      summary: 'Look at messages that a queue has put aside. They stay.',
      tags,
      requestParams: { path: queuePath, query: DeadLetterQuery },
      responses: {
        200: {
          description:
            'Some of them. What another request looks at is not among them; of an ordered queue there is one of each group.',
          content: {
            'application/json': {
              schema: DeadLetters,
              example: { queue: 'notifications', messages: [letter] },
            },
          },
        },
        ...problemResponses(
          ...['admin-only', 'queue-not-found', 'invalid-query', 'broker-unavailable'],
        ),
      },
    },
  },
  '/v1/dead-letters/{queue}/redrive': {
    post: {
      operationId: 'redriveDeadLetters',
      summary: 'Send messages that a queue has put aside to it again, as new ones.',
      tags,
      requestParams: { path: queuePath },
      requestBody: {
        required: false,
        content: { 'application/json': { schema: RedriveDeadLetters, example: { limit: 100 } } },
      },
      responses: {
        200: {
          description: 'Sent; each left the dead letters only then.',
          content: {
            'application/json': { schema: RedrivenDeadLetters, example: { redriven: 1 } },
          },
        },
        ...problemResponses(
          ...['invalid-json', 'admin-only', 'queue-not-found', 'body-too-large', 'not-json'],
          ...['invalid-body', 'broker-unavailable'],
        ),
      },
    },
  },
};
