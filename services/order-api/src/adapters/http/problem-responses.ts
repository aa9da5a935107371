import { Problem } from '@spillway/contracts';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';

/** The problem responses, by what their `type` ends in. */
const problems: Readonly<Record<string, readonly [status: number, description: string]>> = {
  'invalid-json': [400, 'The body is not JSON.'],
  'key-missing': [401, 'The request carries no API key, and needs one.'],
  'key-invalid': [401, 'The API key is none of this server, or was revoked.'],
  'admin-only': [403, 'A key of the operator is needed.'],
  'cross-origin': [403, 'Without API keys, pages of other origins may not change anything.'],
  'order-not-found': [404, 'There is no such order.'],
  'upload-not-found': [404, 'There is no such upload, or the address is wrong.'],
  'key-not-found': [404, 'There is no such key.'],
  'customer-not-found': [404, 'There is no such customer.'],
  'queue-not-found': [404, 'There is no such queue.'],
  'webhook-endpoint-not-found': [404, 'There is no such webhook endpoint.'],
  'webhook-delivery-not-found': [404, 'The endpoint has no such delivery.'],
  'playback-not-allowed': [403, 'The order is signed, and the address holds no token of it.'],
  'playback-expired': [403, 'The token in the address has expired.'],
  'media-elsewhere': [404, 'A CDN serves media here; playlists say where.'],
  'file-not-found': [404, 'There is no such file, or no stream yet.'],
  'upload-complete': [409, 'The upload is complete, and stays as it is.'],
  'upload-parts-wrong': [409, 'Parts are missing, or are others than the addresses were for.'],
  'upload-in-use': [409, 'An order that names the upload has not ended.'],
  'order-ended': [409, 'The order has ended in another way.'],
  'order-not-ended': [409, 'The order has not ended: cancel it first.'],
  'order-not-retryable': [409, 'The order is under way, or has completed.'],
  'playback-public': [409, 'The order is public: its addresses need no token.'],
  'too-many-webhook-endpoints': [409, 'The customer has 20 webhook endpoints.'],
  'webhook-not-repeatable': [409, 'The event is kept no more, or the delivery was a test.'],
  'idempotency-key-in-progress': [409, 'A request with the same key is still at work.'],
  'output-expired': [410, 'The files of the order are kept no longer.'],
  'upload-expired': [410, 'The upload has expired: make a new one.'],
  'upload-too-large': [413, 'The file is larger than was declared, or than the customer may send.'],
  'body-too-large': [413, 'The body is larger than 1 MB.'],
  'not-json': [415, 'The body is not application/json.'],
  'range-not-satisfiable': [416, 'The file has no such bytes.'],
  'upload-busy': [423, 'Another request sends to the upload.'],
  'invalid-body': [422, 'A field of the body, or the use of the key, is not valid.'],
  'invalid-query': [422, 'A field of the query is not valid.'],
  'invalid-header': [422, 'A header is not valid.'],
  'invalid-path': [422, 'The name in the path is not valid.'],
  'rate-limited': [429, 'The customer sends too many requests; Retry-After says when to go on.'],
  'too-many-open-orders': [429, 'The customer has as many open orders as it may have.'],
  'too-many-listeners': [503, 'Too many listen to events now.'],
  'storage-unavailable': [503, 'The object store does not answer.'],
  'broker-unavailable': [503, 'The broker does not answer.'],
  'database-unavailable': [503, 'The database does not answer, or its disk is full.'],
};

/** Responses of an operation, by the kinds of problem that it can answer with. */
export function problemResponses(...kinds: string[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(kinds, (kind) => problems[kind]?.[0] ?? 500);
  const responses = [...byStatus].map(([status, ofStatus]) => {
    const descriptions = ofStatus.map((kind) => problems[kind]?.[1] ?? kind);
    const examples = ofStatus.map((kind, index) => {
      const type = `https://spillway.dev/problems/${kind}`;
      const title = (descriptions[index] ?? kind).replace(/\.$/, '');
      const value: Problem = { type, title, status };
      return [kind, { value }];
    });
    const content = { schema: Problem, examples: Object.fromEntries(examples) };
    return [
      status,
      { description: descriptions.join(' '), content: { 'application/problem+json': content } },
    ];
  });
  return Object.fromEntries(responses);
}
