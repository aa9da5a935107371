import type { PlaybackAccess } from '@spillway/contracts';
import { ProblemError } from '@spillway/runtime';
import type { RequestHandler, Response } from 'express';
import type { PlaybackTokens } from '../../app/playback-tokens.ts';
import { orderIdOf } from './order-routes.ts';
import { noSuchOrder } from './problems.ts';

/** Who plays an order: known by its address alone. */
export interface Viewer {
  readonly orderId: string;
  /** Of the path; null: the order is public. */
  readonly token: string | null;
}

export interface ViewerParts {
  /** Null when there is no such order. */
  readonly accessOf: (orderId: string) => Promise<PlaybackAccess | null>;
  readonly tokens: Pick<PlaybackTokens, 'check'>;
}

const notAllowed = (detail: string): ProblemError =>
  new ProblemError(403, 'playback-not-allowed', 'This stream may not be played so', { detail });

const expired = (): ProblemError =>
  new ProblemError(403, 'playback-expired', 'The address has expired', {
    detail: 'Reading the order, or POST /v1/orders/{id}/playback-tokens, gives addresses anew.',
  });

/**
 * Lets through whoever may play: anyone a public order, of a signed one those whose path holds a token
 * of it. A token is checked without the database.
 */
export const viewersOnly =
  ({ accessOf, tokens }: ViewerParts): RequestHandler =>
  async (request, response, next) => {
    const orderId = orderIdOf(request);
    const { token } = request.params;
    if (token === undefined) {
      const access = await accessOf(orderId);
      if (access === null) throw noSuchOrder(orderId);
      if (access === 'signed') throw notAllowed('The order is signed: its addresses hold a token.');
    } else {
      const found = tokens.check(orderId, String(token), Date.now() / 1000);
      if (found === 'expired') throw expired();
      if (found === 'wrong') throw notAllowed('The token in the path is none of this order.');
    }
    const viewer: Viewer = { orderId, token: token === undefined ? null : String(token) };
    response.locals.viewer = viewer;
    next();
  };

/** Of every request behind `viewersOnly`. */
export const viewerOf = (response: Response): Viewer => response.locals.viewer as Viewer;
