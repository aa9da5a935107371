import { once } from 'node:events';
import { ProblemError } from '@spillway/runtime';
import type { Response } from 'express';
import { contextOf } from './request-context.ts';

const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is cut: it can come back and go on where it was. */
const STUCK_MS = 30_000;
const RECONNECT_MS = 2_000;

/** An event as the HTML standard writes it; `data` becomes JSON, and so one line. */
export const eventText = (id: number, type: string, data: unknown): string =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

/** Writes, and waits while the client is behind. Throws when it stays so. */
async function write(response: Response, text: string, signal: AbortSignal): Promise<void> {
  if (response.write(text)) return;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(STUCK_MS)]);
  await once(response, 'drain', { signal: patience });
}

async function stream(
  response: Response,
  texts: (gone: AbortSignal) => AsyncIterable<string>,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const heartbeat = setInterval(() => {
    if (response.writableNeedDrain) return;
    response.write(': still here\n\n');
  }, HEARTBEAT_MS);
  try {
    await write(response, `retry: ${RECONNECT_MS}\n\n`, gone.signal);
    for await (const text of texts(gone.signal)) await write(response, text, gone.signal);
    response.end();
  } catch (err) {
    contextOf(response).log.debug({ err }, 'a listener was cut');
    response.destroy();
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Sends server-sent events of an order until there are no more. Throws a 503 when too many listen: to
 * orders, or to this one.
 */
export type SendEvents = (
  orderId: string,
  response: Response,
  texts: (gone: AbortSignal) => AsyncIterable<string>,
) => Promise<void>;

/** One order's listeners take at most this part of all, so that one address in many hands leaves room for others. */
const SHARE_OF_ONE_ORDER = 0.25;

/** Each listener holds a connection and some kilobytes for as long as its order is under way: at most so many. */
export function eventStreams(most: number): SendEvents {
  const mostOfOne = Math.max(1, Math.floor(most * SHARE_OF_ONE_ORDER));
  const listeners = new Map<string, number>();
  let all = 0;

  const enter = (orderId: string): void => {
    const ofOne = listeners.get(orderId) ?? 0;
    if (all >= most || ofOne >= mostOfOne) {
      throw new ProblemError(503, 'too-many-listeners', 'Too many listen to events now', {
        detail:
          all >= most
            ? 'Come back later, or read the order now and then.'
            : 'Too many listen to this order; read it now and then.',
        headers: { 'retry-after': '10' },
      });
    }
    all += 1;
    listeners.set(orderId, ofOne + 1);
  };
  const leave = (orderId: string): void => {
    all -= 1;
    const ofOne = (listeners.get(orderId) ?? 1) - 1;
    if (ofOne === 0) listeners.delete(orderId);
    else listeners.set(orderId, ofOne);
  };

  return async (orderId, response, texts) => {
    // Gone while the order was read: nothing would tell of it any more.
    if (response.destroyed) return;
    enter(orderId);
    try {
      response.status(200).set({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.flushHeaders();
      await stream(response, texts);
    } finally {
      leave(orderId);
    }
  };
}
