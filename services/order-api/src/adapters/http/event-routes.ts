import { once } from 'node:events';
import { hasEnded, OrderId } from '@spillway/contracts';
import { ProblemError } from '@spillway/runtime';
import { type Request, type Response, Router } from 'express';
import type { EventFeed } from '../../app/event-feed.ts';
import type { OrderStore, StoredEvent } from '../../app/ports.ts';
import { orderIdOf, readOrThrow } from './order-routes.ts';
import { contextOf } from './request-context.ts';

const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is cut: it can come back and go on where it was. */
const STUCK_MS = 30_000;
const RECONNECT_MS = 2_000;

function lastEventId(request: Request): number {
  const given = request.get('last-event-id');
  if (given === undefined || given === '') return 0;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new ProblemError(422, 'invalid-header', 'A header is not valid', {
    errors: [{ field: 'Last-Event-ID', message: 'the id of an event of this order' }],
  });
}

const textOf = ({ sequence, type, occurredAt, order }: StoredEvent): string =>
  `id: ${sequence}\nevent: ${type}\ndata: ${JSON.stringify({ type, sequence, occurredAt, order })}\n\n`;

/** Writes, and waits while the client is behind. Throws when it stays so. */
async function write(response: Response, text: string, signal: AbortSignal): Promise<void> {
  if (response.write(text)) return;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(STUCK_MS)]);
  await once(response, 'drain', { signal: patience });
}

async function stream(
  feed: EventFeed,
  orderId: string,
  sequence: number,
  response: Response,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const heartbeat = setInterval(() => {
    if (response.writableNeedDrain) return;
    response.write(': still here\n\n');
  }, HEARTBEAT_MS);
  try {
    await write(response, `retry: ${RECONNECT_MS}\n\n`, gone.signal);
    for await (const events of feed.follow(orderId, sequence, gone.signal)) {
      await write(response, events.map(textOf).join(''), gone.signal);
    }
    response.end();
  } catch (err) {
    contextOf(response).log.debug({ err, orderId }, 'a listener was cut');
    response.destroy();
  } finally {
    clearInterval(heartbeat);
  }
}

/** Server-sent events of one order: those that were, then those that come, to its end. */
export function eventRoutes({ store, feed }: { store: OrderStore; feed: EventFeed }): Router {
  const router = Router();
  router.get('/v1/orders/:id/events', async (request, response) => {
    const orderId = OrderId.parse(orderIdOf(request));
    const after = lastEventId(request);
    const { status, sequence } = await readOrThrow(store, orderId);
    // 204 tells an EventSource not to come back.
    if (hasEnded(status) && after >= sequence) return void response.status(204).end();
    response.status(200).set({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    await stream(feed, orderId, after, response);
  });
  return router;
}
