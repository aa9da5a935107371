import type { Topology } from '@spillway/contracts';

/** Of a message on `<queue>-dlq`: why it is there. Absent when the broker moved it (`maxDeliveries`). */
export const DEAD_LETTER_REASON = 'deadLetterReason';

/** The dead-letter queue of a queue; it is consumed like any other. */
export const deadLetterQueueOf = (queue: string): string => `${queue}-dlq`;

/** Of the queues that one subscription serves, the most urgent first. */
export type QueueNames = readonly [string, ...string[]];

/** A message to send. `body` is JSON; attributes are what filters and tracing look at. */
export interface OutgoingMessage {
  readonly body: string;
  /** At most 7, neither empty nor beginning with `spillway.`: brokers stop at 10, and the driver adds its own. */
  readonly attributes?: Readonly<Record<string, string>>;
  /**
   * Messages of one group are delivered in order on ordered queues and topics, which require it. On others
   * it says whose message it is, and brokers that can share fairly between groups: one with a single
   * message does not wait behind all of another's.
   */
  readonly group?: string;
  /** A second message with the same id within five minutes is dropped; unused on unordered queues. */
  readonly deduplicationId?: string;
  /** Whole seconds, at most 900, on unordered queues only. */
  readonly delaySeconds?: number;
}

/**
 * One delivery of a message: it belongs to this consumer until its lease ends. Exactly one of
 * `ack`, `retry`, `postpone` and `deadLetter` answers it; a delivery that is never answered comes
 * back when its lease ends. An answer that comes too late is not an error: the message is then
 * delivered again, and every consumer is idempotent (law 2).
 */
export interface Delivery {
  readonly id: string;
  /** Where it waited. */
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** As it was sent, or as the broker wrote it; null for a message without. */
  readonly group: string | null;
  /** How often the message was delivered, this time included; from 1. */
  readonly attempt: number;
  /** When the message was first sent. */
  readonly sentAt: Date;
  /** Done: the message is gone for good. */
  ack(): Promise<void>;
  /** Failed for now: delivered again after the delay (seconds, rounded up); counts as an attempt. At most 12 h. */
  retry(delaySeconds: number): Promise<void>;
  /** Not for me, or not now: delivered again after the delay, without counting as an attempt. At most 900 s. */
  postpone(delaySeconds: number): Promise<void>;
  /** Never again: moved to `<queue>-dlq` with the reason; on the dead-letter queue before it leaves this one. */
  deadLetter(reason: string): Promise<void>;
  /** Keeps the message for another lease from now. */
  extend(leaseSeconds: number): Promise<void>;
}

export interface SubscribeOptions {
  /** Deliveries in hand at once, of all queues together; no more are taken, not even held in reserve. */
  readonly concurrency: number;
  /**
   * For so long after a receive the messages of a broker that must be asked gather, ms: a flood then
   * takes few requests, a message that comes alone is taken at once. Default 0.
   */
  readonly gatherMs?: number | undefined;
}

export interface Subscription {
  /**
   * Takes no more deliveries at once; resolves when those in hand have been handled. What the broker
   * was just handing over may have to wait for the end of its lease.
   */
  stop(): Promise<void>;
}

/** Approximate on some brokers. */
export interface QueueDepth {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * A broker, seen from the services. Every method is safe to call concurrently; a promise that
 * resolves means the broker has the message on disk. Failures are `MessagingError`.
 */
export interface Messaging {
  /** Creates what is missing and brings settings up to date; repeating it is harmless. */
  declare(topology: Topology): Promise<void>;
  /** All or an error; after an error some may have been sent (at least once). */
  send(queue: string, messages: readonly OutgoingMessage[]): Promise<void>;
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /**
   * Hands deliveries to `onDelivery`, which answers them and never throws. Lost connections are
   * taken up again with back-off until `stop`.
   *
   * The first queue that has a message is served first. The priority is strict: the last queue is
   * served while the others are empty, and waits for as long as they are not. What is in hand is
   * never interrupted. A broker that must be asked is asked about a queue it found empty again
   * within about a second, so a message may be overtaken by less urgent ones for so long.
   */
  subscribe(
    queues: QueueNames,
    options: SubscribeOptions,
    onDelivery: (delivery: Delivery) => Promise<void>,
  ): Subscription;
  depth(queue: string): Promise<QueueDepth>;
  /** Stops every subscription, then lets go of connections. */
  close(): Promise<void>;
}

/** `unavailable`: try again later. `not_found`: no such queue or topic. `rejected`: the message is wrong, for good. */
export type MessagingErrorCode = 'unavailable' | 'not_found' | 'rejected';

export class MessagingError extends Error {
  readonly code: MessagingErrorCode;

  constructor(code: MessagingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MessagingError';
    this.code = code;
  }
}
