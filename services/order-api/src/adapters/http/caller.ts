import type { RequestHandler, Response } from 'express';
import type { Caller } from '../../app/caller.ts';

/** Until there are keys, everyone is the operator, and orders as the customer `default`. */
const everyone: Caller = {
  customer: {
    id: 'default',
    limits: {
      openOrders: 1_000_000,
      requestsPerSecond: 1_000_000,
      source: { bytes: 2 ** 40, seconds: 24 * 3600, pixels: 8192 * 4320 },
    },
    sourcePrefixes: [],
    destinationPrefixes: [],
  },
  isAdmin: true,
};

/** Says who asks. */
export const identify: RequestHandler = (_request, response, next) => {
  response.locals.caller = everyone;
  next();
};

export const callerOf = (response: Response): Caller => response.locals.caller as Caller;
