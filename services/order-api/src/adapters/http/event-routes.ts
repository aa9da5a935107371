import { hasEnded, OrderId } from '@spillway/contracts';
import { ProblemError } from '@spillway/runtime';
import { type Request, Router } from 'express';
import type { EventFeed } from '../../app/event-feed.ts';
import type { OrderStore, StoredEvent } from '../../app/ports.ts';
import { eventText, type SendEvents } from './event-stream.ts';
import { orderIdOf, readOrThrow } from './order-routes.ts';

/** 0 for a client that begins. */
export function lastEventId(request: Request): number {
  const given = request.get('last-event-id');
  if (given === undefined || given === '') return 0;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new ProblemError(422, 'invalid-header', 'A header is not valid', {
    errors: [{ field: 'Last-Event-ID', message: 'the id of an event of this order' }],
  });
}

const textOf = ({ sequence, type, occurredAt, order }: StoredEvent): string =>
  eventText(sequence, type, { type, sequence, occurredAt, order });

export interface EventRouteParts {
  readonly store: OrderStore;
  readonly feed: EventFeed;
  readonly sendEvents: SendEvents;
}

/** Server-sent events of one order: those that were, then those that come, to its end. */
export function eventRoutes({ store, feed, sendEvents }: EventRouteParts): Router {
  const router = Router();
  router.get('/v1/orders/:id/events', async (request, response) => {
    const orderId = OrderId.parse(orderIdOf(request));
    const after = lastEventId(request);
    const { status, sequence } = await readOrThrow(store, orderId);
    // 204 tells an EventSource not to come back.
    if (hasEnded(status) && after >= sequence) return void response.status(204).end();
    await sendEvents(orderId, response, async function* (gone) {
      for await (const events of feed.follow(orderId, after, gone)) {
        yield events.map(textOf).join('');
      }
    });
  });
  return router;
}
