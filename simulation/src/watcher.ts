import type { StoredMessage } from '@spillway/database';
import type { TracedStep, VersionedOrder } from '../../services/order-api/src/app/ports.ts';
import type { Taken } from './message.ts';
import type { Process } from './process.ts';

export type Answered = 'ack' | 'retry' | 'postpone' | 'dead letter';

/** Hears of everything that happens in the world, when it has happened: the laws. */
export interface Watcher {
  /** The broker has a message. */
  sent(process: Process, queue: string, body: string): void;
  /** The topic has an event. */
  published(body: string): void;
  taken(process: Process, taken: Taken, attempt: number): void;
  /** It was told to stop and did, by itself. */
  stopped(process: Process): void;
  /** It was told to stop, did not, and was killed. */
  killed(process: Process): void;
  /** The consumer has done with a delivery, and its answer was given or failed. */
  letGo(process: Process, taken: Taken): void;
  /** An answer has arrived, just before the broker acts on it. */
  answered(process: Process, taken: Taken, attempt: number, how: Answered): void;
  /** An order was written; `before` is null for a new one. */
  written(before: VersionedOrder | null, after: VersionedOrder, steps: readonly TracedStep[]): void;
  removed(orderId: string): void;
  /** Messages are removed from the outbox. */
  unboxed(messages: readonly StoredMessage[]): void;
  /** Objects are gone. */
  deleted(prefix: string, keys: readonly string[]): void;
}
