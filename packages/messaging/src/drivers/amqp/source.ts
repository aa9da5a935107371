import type { Channel, ConsumeMessage } from 'amqplib';
import { aborted } from './connection.ts';
import type { Custody } from './custody.ts';
import type { Held } from './held.ts';

/** Where a subscription's messages come from, over one channel. */
export interface Source {
  readonly custody: Custody;
  /** Hands out messages until `ended` is aborted or throws; takes no more then. */
  serve(ended: AbortSignal): Promise<void>;
  /** A handler has ended. */
  onFree(): void;
}

/** The hands of a subscription. */
export interface Hands {
  readonly free: number;
  readonly concurrency: number;
  readonly isStopping: boolean;
  give(held: Held): void;
}

/** Consumes until `ended`; throws when RabbitMQ ends it first, because the queue is gone or moves. */
export async function consumeUntil(
  channel: Channel,
  queue: string,
  prefetch: number,
  ended: AbortSignal,
  onMessage: (message: ConsumeMessage) => void,
): Promise<void> {
  const canceled = new AbortController();
  await channel.prefetch(prefetch);
  const { consumerTag } = await channel.consume(queue, (message) => {
    if (message) onMessage(message);
    else canceled.abort();
  });
  await Promise.race([aborted(ended), aborted(canceled.signal)]);
  if (canceled.signal.aborted) throw new Error(`The broker ended the consumer of ${queue}`);
  // A broken channel has no consumer any more.
  await channel.cancel(consumerTag).catch(() => {});
}
