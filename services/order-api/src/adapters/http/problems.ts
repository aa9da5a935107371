import { DatabaseError } from '@spillway/database';
import { MessagingError } from '@spillway/messaging';
import { type Logger, loggedPath, ProblemError } from '@spillway/runtime';
import { StorageError, type StorageErrorCode } from '@spillway/storage';
import type { ErrorRequestHandler } from 'express';
import { KeyInProgress, KeyOfOtherBody } from '../../app/create-order.ts';
import { TooManyOpenOrders } from '../../app/open-orders.ts';
import { OrderRefused } from '../../app/order-refused.ts';
import { MOST_ENDPOINTS, NotRepeatable, TooManyEndpoints } from '../../app/webhook-endpoints.ts';
import { uploadProblemOf } from './upload-problems.ts';

/** What the object store says of a request, and not of itself. */
const OF_THE_REQUEST = new Set<StorageErrorCode>(['not_found', 'wrong_parts']);

export const noSuchOrder = (id: string): ProblemError =>
  new ProblemError(404, 'order-not-found', 'There is no such order', { detail: `No order ${id}` });

export const noSuchEndpoint = (id: string): ProblemError =>
  new ProblemError(404, 'webhook-endpoint-not-found', 'There is no such webhook endpoint', {
    detail: `No webhook endpoint ${id}`,
  });

export const noSuchDelivery = (id: string): ProblemError =>
  new ProblemError(404, 'webhook-delivery-not-found', 'The endpoint has no such delivery', {
    detail: `No delivery ${id}`,
  });

export function problemOf(error: unknown): unknown {
  if (error instanceof OrderRefused) {
    const { field, message } = error;
    return new ProblemError(422, 'invalid-body', 'The body is not valid', {
      detail: `${field}: ${message}`,
      errors: [{ field, message }],
    });
  }
  if (error instanceof KeyOfOtherBody) {
    return new ProblemError(422, 'idempotency-key-reused', 'The key was used for another body', {
      detail: 'Send another Idempotency-Key with another body.',
    });
  }
  if (error instanceof KeyInProgress) {
    return new ProblemError(409, 'idempotency-key-in-progress', 'The same request is at work', {
      detail: 'Another request with this Idempotency-Key has not been answered yet.',
      headers: { 'retry-after': '1' },
    });
  }
  if (error instanceof TooManyOpenOrders) {
    return new ProblemError(429, 'too-many-open-orders', 'Too many orders are open', {
      detail: `At most ${error.limit} orders may be open at a time; order again when one has ended.`,
      headers: { 'retry-after': '5' },
    });
  }
  if (error instanceof TooManyEndpoints) {
    return new ProblemError(409, 'too-many-webhook-endpoints', 'There are too many endpoints', {
      detail: `A customer has at most ${MOST_ENDPOINTS}; delete one that is no longer used.`,
    });
  }
  if (error instanceof NotRepeatable) {
    return new ProblemError(409, 'webhook-not-repeatable', 'The event cannot be told again', {
      detail: 'It is kept no more, or it was a test: send another one.',
    });
  }
  if (error instanceof StorageError && !OF_THE_REQUEST.has(error.code)) {
    return new ProblemError(503, 'storage-unavailable', 'The object store does not answer', {
      headers: { 'retry-after': '5' },
    });
  }
  if (error instanceof MessagingError && error.code === 'unavailable') {
    return new ProblemError(503, 'broker-unavailable', 'The broker does not answer', {
      headers: { 'retry-after': '5' },
    });
  }
  if (error instanceof DatabaseError && error.isPassing) {
    return new ProblemError(503, 'database-unavailable', 'The database does not take it now', {
      detail:
        'The request may or may not have been carried out; send it again later. With an Idempotency-Key no order is made twice.',
      headers: { 'retry-after': '5' },
    });
  }
  return uploadProblemOf(error) ?? error;
}

/** What the use cases throw, in the words of HTTP. */
export const translateErrors =
  (log: Logger): ErrorRequestHandler =>
  (error, request, _response, next) => {
    const problem = problemOf(error);
    if (problem instanceof ProblemError && problem.status === 503 && problem !== error) {
      log.error(
        { err: error, method: request.method, path: loggedPath(request.path) },
        problem.title,
      );
    }
    next(problem);
  };
