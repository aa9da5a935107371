import type { Channel } from 'amqplib';
import { Custody } from './custody.ts';
import type { HeldParts } from './held.ts';
import { consumeUntil, type Hands, type Source } from './source.ts';

/** One unordered queue: RabbitMQ sends as many as there are hands, and no more. */
export class PushedSource implements Source {
  readonly custody: Custody;
  readonly #channel: Channel;
  readonly #queue: string;
  readonly #hands: Hands;

  constructor(channel: Channel, queue: string, hands: Hands, parts: HeldParts) {
    this.custody = new Custody(channel, parts);
    this.#channel = channel;
    this.#queue = queue;
    this.#hands = hands;
  }

  serve(ended: AbortSignal): Promise<void> {
    const { concurrency } = this.#hands;
    return consumeUntil(this.#channel, this.#queue, concurrency, ended, (message) =>
      this.#hands.give(this.custody.take(this.#queue, message)),
    );
  }

  onFree(): void {}
}
