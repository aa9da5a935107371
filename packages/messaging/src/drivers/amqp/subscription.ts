import { setTimeout as wait } from 'node:timers/promises';
import { backoffSeconds, type Logger } from '@spillway/runtime';
import type { Channel } from 'amqplib';
import type { Delivery, QueueNames, Subscription } from '../../port.ts';
import { aborted, BACKOFF, type Connection, inTime } from './connection.ts';
import type { Custody } from './custody.ts';
import type { Held, HeldParts } from './held.ts';
import { OrderedSource, Recent } from './ordered.ts';
import { PolledSource } from './polled.ts';
import { PushedSource } from './pushed.ts';
import type { Hands, Source } from './source.ts';

export interface SubscriptionParts {
  readonly connection: Connection;
  readonly held: HeldParts;
  readonly queues: QueueNames;
  readonly concurrency: number;
  readonly onDelivery: (delivery: Delivery) => Promise<void>;
  readonly log: Logger;
}

/** A channel of its own, opened again with back-off whenever it breaks. */
export class AmqpSubscription implements Subscription, Hands {
  readonly concurrency: number;
  readonly #parts: SubscriptionParts;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #closing = new AbortController();
  /** Of channels that serve no more and are still open. */
  readonly #ends = new Set<Promise<void>>();
  readonly #inHand = new Set<Promise<void>>();
  readonly #recent = new Recent();
  readonly #running: Promise<void>;
  #source: Source | null = null;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.concurrency = parts.concurrency;
    this.#log = parts.log.child({ queues: parts.queues });
    this.#running = this.#run();
  }

  get free(): number {
    return this.concurrency - this.#inHand.size;
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all(this.#inHand);
  }

  /**
   * Stops, and resolves when RabbitMQ knows each answer: `amqplib` writes the end of a connection before
   * what its channels have still to send, and a message whose acknowledgement is lost comes again.
   */
  async close(): Promise<void> {
    await this.stop();
    this.#closing.abort();
    await Promise.all(this.#ends);
  }

  give(held: Held): void {
    const inHand: Promise<void> = this.#handle(held)
      .catch((err: unknown) => this.#log.error({ err }, 'a delivery was not answered'))
      .finally(() => {
        this.#inHand.delete(inHand);
        this.#source?.onFree();
      });
    this.#inHand.add(inHand);
  }

  #handle(held: Held): Promise<void> {
    if (held.isSpent) return held.putAside();
    if (this.isStopping || held.stored.delaySeconds > 0) return held.passOn();
    return this.#parts.onDelivery(held.delivery());
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#serve(() => {
          if (failures > 0) this.#log.info('receiving again');
          failures = 0;
        });
      } catch (err) {
        if (signal.aborted) return;
        failures++;
        // The first failure is news; the ones behind it are the same news.
        this.#log[failures === 1 ? 'warn' : 'debug']({ err }, 'cannot receive, trying again');
        await wait(backoffSeconds(BACKOFF, failures) * 1000, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #serve(onOpen: () => void): Promise<void> {
    const { signal } = this.#stopping;
    const model = await this.#parts.connection.model(signal);
    const channel = await inTime(model.createChannel());
    onOpen();
    const broken = new AbortController();
    let problem: unknown = new Error('The channel was closed');
    channel.on('error', (err) => {
      problem = err;
    });
    channel.on('close', () => broken.abort());
    const source = this.#sourceOf(channel);
    this.#source = source;
    try {
      await source.serve(AbortSignal.any([signal, broken.signal]));
    } finally {
      const end: Promise<void> = this.#end(channel, source.custody, broken.signal)
        .catch((err: unknown) => this.#log.debug({ err }, 'a channel did not close'))
        .finally(() => this.#ends.delete(end));
      this.#ends.add(end);
    }
    if (!signal.aborted) throw problem;
  }

  /** What nobody answers keeps the channel until its lease ends or all is closed; then it goes to others. */
  async #end(channel: Channel, custody: Custody, broken: AbortSignal): Promise<void> {
    await Promise.all(this.#inHand);
    await Promise.race([custody.noneHanded(), aborted(this.#closing.signal)]);
    if (!broken.aborted) await inTime(channel.close());
  }

  #sourceOf(channel: Channel): Source {
    const { queues, held } = this.#parts;
    const [queue, ...others] = queues;
    if (others.length > 0) return new PolledSource(channel, queues, this, held);
    if (held.specs.queue(queue).ordered) {
      return new OrderedSource(channel, queue, this, held, this.#recent);
    }
    return new PushedSource(channel, queue, this, held);
  }
}
