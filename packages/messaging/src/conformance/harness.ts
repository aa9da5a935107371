import { randomUUID } from 'node:crypto';
import { test } from '@jest/globals';
import type { QueueSpec } from '@spillway/contracts';
import type { Delivery, Messaging, OutgoingMessage, QueueNames, Subscription } from '../port.ts';
import type { OpenedMessaging } from './types.ts';

/** One messaging for many tests, opened by the first. */
export class Bench {
  readonly #open: () => Promise<OpenedMessaging>;
  #opened: Promise<OpenedMessaging> | undefined;

  constructor(open: () => Promise<OpenedMessaging>) {
    this.#open = open;
  }

  async messaging(): Promise<Messaging> {
    this.#opened ??= this.#open();
    return (await this.#opened).messaging;
  }

  async close(): Promise<void> {
    abandonAll();
    await (await this.#opened)?.close();
  }
}

/** A name that no other test has. */
export const freshName = (kind: string): string => `${kind}-${randomUUID().slice(0, 13)}`;

/**
 * Leases of one second keep the tests of crashes short. A test that counts what arrives takes a longer
 * one: nothing renews a lease here, and a busy machine may need more than a second for ten messages.
 */
export async function freshQueue(
  messaging: Messaging,
  settings: Partial<QueueSpec> = {},
  kind = 'queue',
): Promise<string> {
  const name = freshName(kind);
  const queue = { name, ordered: false, leaseSeconds: 1, maxDeliveries: 20, ...settings };
  await messaging.declare({ queues: [queue], topics: [], subscriptions: [] });
  return name;
}

/** A test with its own queues beside the others, so that waiting for leases costs little. */
export function parallel(bench: Bench, title: string, run: (m: Messaging) => Promise<void>): void {
  test.concurrent(title, async () => run(await bench.messaging()));
}

export const message = (body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  body,
  ...more,
});

export const inGroup = (group: string, ...bodies: string[]): OutgoingMessage[] =>
  bodies.map((body) => ({ body, group }));

/** A delivery in the hands of a test: an answer, or `abandon`, ends it. */
export interface Held extends Delivery {
  readonly takenAt: number;
  /** Ends the handling without an answer, like a crash. */
  abandon(): void;
}

const allHeld = new Set<Held>();

/** What failed tests still hold must not keep a messaging from closing. */
export function abandonAll(): void {
  for (const held of allHeld) held.abandon();
}

/** A consumer whose deliveries the test takes one by one. */
export class Reader {
  readonly #subscription: Subscription;
  readonly #arrived: Held[] = [];
  readonly #takers: ((held: Held) => void)[] = [];
  inHand = 0;
  mostInHand = 0;

  constructor(messaging: Messaging, queues: string | QueueNames, concurrency = 10) {
    const names: QueueNames = typeof queues === 'string' ? [queues] : queues;
    this.#subscription = messaging.subscribe(names, { concurrency }, (delivery) =>
      this.#hold(delivery),
    );
  }

  take(): Promise<Held> {
    const held = this.#arrived.shift();
    if (held) return Promise.resolve(held);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Takes and acknowledges so many; their bodies. */
  async drain(count: number): Promise<string[]> {
    const bodies: string[] = [];
    while (bodies.length < count) {
      const held = await this.take();
      bodies.push(held.body);
      await held.ack();
    }
    return bodies;
  }

  stop(): Promise<void> {
    return this.#subscription.stop();
  }

  async #hold(delivery: Delivery): Promise<void> {
    this.inHand++;
    this.mostInHand = Math.max(this.mostInHand, this.inHand);
    let held: Held | undefined;
    await new Promise<void>((release) => {
      const ending =
        <A extends unknown[]>(answer: (...args: A) => Promise<void>) =>
        (...args: A) =>
          answer(...args).finally(release);
      held = {
        ...delivery,
        takenAt: Date.now(),
        abandon: release,
        ack: ending(delivery.ack),
        retry: ending(delivery.retry),
        postpone: ending(delivery.postpone),
        deadLetter: ending(delivery.deadLetter),
      };
      allHeld.add(held);
      const taker = this.#takers.shift();
      if (taker) taker(held);
      else this.#arrived.push(held);
    });
    if (held) allHeld.delete(held);
    this.inHand--;
  }
}

/** Asks again until it is so: for what a broker says only approximately. */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Nothing of the queue is anywhere: brokers that count from time to time may say so later. */
export const becomesEmpty = (messaging: Messaging, queue: string): Promise<void> =>
  eventually(async () => {
    const { waiting, inFlight, delayed } = await messaging.depth(queue);
    return waiting + inFlight + delayed === 0;
  });
