import { setTimeout as wait } from 'node:timers/promises';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { backoffSeconds, type Logger } from '@spillway/runtime';
import type { Delivery, Subscription } from '../../port.ts';
import type { Addresses, QueueAddress } from './addresses.ts';
import { type Clients, LONG_POLL_SECONDS, POLL_TIMEOUT_MS } from './clients.ts';
import { Deletes } from './deletes.ts';
import { toDelivery } from './delivery.ts';
import { translate } from './errors.ts';

const MOST_MESSAGES = 10;
const BACKOFF = { firstSeconds: 0.2, maxSeconds: 10 };

export interface SubscriptionParts {
  readonly clients: Clients;
  readonly addresses: Addresses;
  readonly queue: string;
  readonly concurrency: number;
  readonly onDelivery: (delivery: Delivery) => Promise<void>;
  readonly log: Logger;
}

/** One long poll at a time, and only for as many messages as can be handled at once. */
export class SqsSubscription implements Subscription {
  readonly #parts: SubscriptionParts;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #inHand = new Set<Promise<void>>();
  readonly #polling: Promise<void>;
  #deletes: Deletes | undefined;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.#log = parts.log.child({ queue: parts.queue });
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
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        const err = translate(error, `receive from ${this.#parts.queue}`);
        // The first failure is news; the ones behind it are the same news.
        this.#log[failures === 1 ? 'warn' : 'debug']({ err }, 'cannot receive, trying again');
        // An abort ends the wait, and the loop with it.
        await wait(backoffSeconds(BACKOFF, failures) * 1000, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #takeSome(): Promise<void> {
    const { clients, addresses, queue, concurrency, onDelivery } = this.#parts;
    const address = await addresses.queue(queue);
    while (this.#inHand.size >= concurrency) await Promise.race(this.#inHand);
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    const deletes = this.#deletesOf(address);
    const parts = { clients, addresses, queue, address, deletes, stopping: signal };
    const messages = await this.#receive(address, concurrency - this.#inHand.size);
    for (const message of messages) {
      const delivery = toDelivery(message, parts);
      // Stopped while the answer was on its way: nobody here will try it.
      const handled = signal.aborted ? delivery.postpone(0) : onDelivery(delivery);
      const inHand: Promise<void> = handled
        .catch((err: unknown) => this.#log.error({ err }, 'a delivery was not answered'))
        .finally(() => this.#inHand.delete(inHand));
      this.#inHand.add(inHand);
    }
  }

  #deletesOf({ url }: QueueAddress): Deletes {
    this.#deletes ??= new Deletes(this.#parts.clients.sqs, url);
    return this.#deletes;
  }

  async #receive({ url, ordered }: QueueAddress, most: number) {
    const { Messages = [] } = await this.#parts.clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        // One receive may return several messages of a group, of which only the first may be handled.
        MaxNumberOfMessages: ordered ? 1 : Math.min(MOST_MESSAGES, most),
        WaitTimeSeconds: LONG_POLL_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'],
      }),
      { abortSignal: this.#stopping.signal, requestTimeout: POLL_TIMEOUT_MS },
    );
    return Messages;
  }
}
