import { ProblemError } from '@spillway/runtime';
import type { RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import { type Bucket, takeToken } from '../../domain/token-bucket.ts';
import { callerOf } from './caller.ts';

/** Bounds the memory; a customer that was quiet for longest begins with a full bucket again. */
const MOST_CUSTOMERS = 10_000;

/**
 * Holds each customer to its requests a second, in this process: behind several, a customer has the sum.
 * Operators are not held up.
 */
export function requestRate(now: () => number = () => performance.now()): RequestHandler {
  const buckets = new LRUCache<string, Bucket>({ max: MOST_CUSTOMERS });
  return (_request, response, next) => {
    const { customer, isAdmin } = callerOf(response);
    if (isAdmin) return next();
    const { requestsPerSecond } = customer.limits;
    const taken = takeToken(buckets.get(customer.id) ?? null, requestsPerSecond, now());
    buckets.set(customer.id, taken.bucket);
    if (taken.waitSeconds === 0) return next();
    throw new ProblemError(429, 'rate-limited', 'Too many requests', {
      detail: `At most ${requestsPerSecond} requests a second, twice as many at once.`,
      headers: { 'retry-after': String(Math.ceil(taken.waitSeconds)) },
    });
  };
}
