import {
  type ApiKey,
  ApiKeyId,
  ApiKeyPage,
  CreateApiKey,
  CreatedApiKey,
  CustomerId,
  CustomerPage,
  CustomerRecord,
  CustomerSettings,
} from '@spillway/contracts';
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { PageQuery } from './cursor.ts';
import { problemResponses } from './problem-responses.ts';

const key: ApiKey = {
  id: 'key_01JD3Q5ZK7R8M2N4P6S8T0V1W2',
  customerId: 'acme',
  hint: 'x7Qk',
  createdAt: '2026-11-23T05:00:00.000Z',
  revokedAt: null,
};

const customer: CustomerRecord = {
  id: 'acme',
  limits: {
    openOrders: 100,
    requestsPerSecond: 1000,
    source: { bytes: 64 * 1024 ** 3, seconds: 86_400, pixels: 8192 * 4320 },
  },
  ownLimits: { openOrders: 100 },
  sourcePrefixes: ['s3://acme-media/incoming/'],
  destinationPrefixes: [],
  createdAt: '2026-11-23T05:00:00.000Z',
};

const settings: z.input<typeof CustomerSettings> = {
  limits: { openOrders: 100 },
  sourcePrefixes: ['s3://acme-media/incoming/'],
};

const customerResponse = (description: string) => ({
  description,
  content: { 'application/json': { schema: CustomerRecord, example: customer } },
});

const tags = ['keys'];
const customerPath = z.object({ id: CustomerId });

/** Keys and customers: for operators. */
export const keyPaths: ZodOpenApiPathsObject = {
  '/v1/keys': {
    post: {
      operationId: 'createKey',
      summary: 'Make an API key, for a customer or for an operator. It is shown once.',
      tags,
      requestBody: {
        required: true,
        content: { 'application/json': { schema: CreateApiKey, example: { customerId: 'acme' } } },
      },
      responses: {
        201: {
          description: 'The key.',
          content: {
            'application/json': {
              schema: CreatedApiKey,
              example: {
                ...key,
                key: 'spw_01JD3Q5ZK7R8M2N4P6S8T0V1W2_2vJ8mQ0cYb7sKf1LrD5tXe9aHn4pUz3wGi6oRj_Tx7Qk',
              },
            },
          },
        },
        ...problemResponses(
          'invalid-json',
          'admin-only',
          'body-too-large',
          'not-json',
          'invalid-body',
        ),
      },
    },
    get: {
      operationId: 'listKeys',
      summary: 'API keys, oldest first, revoked ones included.',
      tags,
      requestParams: { query: PageQuery },
      responses: {
        200: {
          description: 'A page; the next one begins at `nextCursor`.',
          content: {
            'application/json': { schema: ApiKeyPage, example: { keys: [key], nextCursor: null } },
          },
        },
        ...problemResponses('admin-only', 'invalid-query'),
      },
    },
  },
  '/v1/keys/{id}': {
    delete: {
      operationId: 'revokeKey',
      summary:
        'Revoke an API key: within ten seconds nothing takes it any more. Doing it again is fine.',
      tags,
      requestParams: { path: z.object({ id: ApiKeyId }) },
      responses: {
        204: { description: 'Revoked.' },
        ...problemResponses('admin-only', 'key-not-found'),
      },
    },
  },
  '/v1/customers': {
    get: {
      operationId: 'listCustomers',
      summary: 'Customers, by their ids.',
      tags,
      requestParams: { query: PageQuery },
      responses: {
        200: {
          description: 'A page; the next one begins at `nextCursor`.',
          content: {
            'application/json': {
              schema: CustomerPage,
              example: { customers: [customer], nextCursor: null },
            },
          },
        },
        ...problemResponses('admin-only', 'invalid-query'),
      },
    },
  },
  '/v1/customers/{id}': {
    get: {
      operationId: 'getCustomer',
      summary: 'Read a customer and its limits.',
      tags,
      requestParams: { path: customerPath },
      responses: {
        200: customerResponse('The customer.'),
        ...problemResponses('admin-only', 'customer-not-found'),
      },
    },
    put: {
      operationId: 'putCustomer',
      summary:
        'Choose what a customer may do, in place of what was chosen before; makes it when there is none.',
      tags,
      requestParams: { path: customerPath },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: CustomerSettings, example: settings } },
      },
      responses: {
        200: customerResponse('As it is from now on, within ten seconds everywhere.'),
        ...problemResponses(
          ...['invalid-json', 'admin-only', 'body-too-large', 'not-json'],
          ...['invalid-body', 'invalid-path'],
        ),
      },
    },
  },
};
