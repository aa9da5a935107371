import { setTimeout as wait } from 'node:timers/promises';
import { backoffSeconds, type Logger } from '@spillway/runtime';
import type { Delivery, QueueNames, Subscription } from '../../port.ts';
import type { Addresses } from './addresses.ts';
import type { Clients } from './clients.ts';
import { pollsOf } from './polls.ts';
import { Source } from './source.ts';

const BACKOFF = { firstSeconds: 0.2, maxSeconds: 10 };

export interface SubscriptionParts {
  readonly clients: Clients;
  readonly addresses: Addresses;
  readonly queues: QueueNames;
  readonly concurrency: number;
  readonly gatherMs: number;
  readonly onDelivery: (delivery: Delivery) => Promise<void>;
  readonly log: Logger;
}

/** One request at a time, and only for as many messages as can be handled at once. */
export class SqsSubscription implements Subscription {
  readonly #parts: SubscriptionParts;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #inHand = new Set<Promise<void>>();
  readonly #sources: readonly Source[];
  readonly #polling: Promise<void>;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.#log = parts.log.child({ queues: parts.queues });
    const sourceParts = { ...parts, stopping: this.#stopping.signal };
    this.#sources = parts.queues.map((queue) => new Source(queue, sourceParts));
    this.#polling = this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#polling;
    await Promise.all(this.#inHand);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#takeSome();
        if (failures > 0) this.#log.info('receiving again');
        failures = 0;
      } catch (err) {
        if (signal.aborted) return;
        failures++;
        // The first failure is news; the ones behind it are the same news.
        this.#log[failures === 1 ? 'warn' : 'debug']({ err }, 'cannot receive, trying again');
        await this.#pause(backoffSeconds(BACKOFF, failures) * 1000);
      }
    }
  }

  async #takeSome(): Promise<void> {
    const { concurrency, gatherMs } = this.#parts;
    while (this.#inHand.size >= concurrency) await Promise.race(this.#inHand);
    for (const { queue: source, waitSeconds } of pollsOf(this.#sources, performance.now())) {
      if (this.#stopping.signal.aborted) return;
      const deliveries = await source.receive(concurrency - this.#inHand.size, waitSeconds);
      for (const delivery of deliveries) this.#hand(delivery);
      if (deliveries.length > 0) {
        if (gatherMs > 0) await this.#pause(gatherMs);
        return;
      }
    }
  }

  /** A stop ends it. */
  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }

  #hand(delivery: Delivery): void {
    // Stopped while the answer was on its way: nobody here will try it.
    const handled = this.#stopping.signal.aborted
      ? delivery.postpone(0)
      : this.#parts.onDelivery(delivery);
    const inHand: Promise<void> = handled
      .catch((err: unknown) => this.#log.error({ err }, 'a delivery was not answered'))
      .finally(() => this.#inHand.delete(inHand));
    this.#inHand.add(inHand);
  }
}
