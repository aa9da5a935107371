import type { Channel, Message } from 'amqplib';
import { Held, type HeldParts } from './held.ts';
import { routeOf } from './parking.ts';
import { readStored, type Stored } from './stored.ts';

/** Keeps a message for later, here, instead of sending a copy. */
export type KeepForLater = (held: Held, seconds: number) => void;

/** What one channel delivered and nobody has answered; RabbitMQ gives it to others when the channel closes. */
export class Custody {
  readonly #parts: HeldParts;
  readonly #channel: Channel;
  readonly #keepForLater: KeepForLater | null;
  readonly #held = new Set<Held>();
  readonly #waiting: (() => void)[] = [];
  #isOpen = true;

  constructor(channel: Channel, parts: HeldParts, keepForLater: KeepForLater | null = null) {
    this.#channel = channel;
    this.#parts = parts;
    this.#keepForLater = keepForLater;
    channel.on('close', () => {
      this.#isOpen = false;
      for (const held of [...this.#held]) this.#forget(held);
    });
  }

  take(queue: string, message: Message): Held {
    const stored = readStored(message);
    const held: Held = new Held(queue, stored, this.#parts, {
      isOpen: () => this.#isOpen,
      done: () => this.#done(held, message),
      again: async (attempts, seconds) => {
        if (this.#keepForLater) {
          held.stored = { ...held.stored, attempts };
          this.#rest(held);
          this.#keepForLater(held, seconds);
        } else {
          // Confirmed before the message leaves: a crash between the two doubles it.
          await this.#copy(queue, { ...held.stored, attempts, delaySeconds: seconds });
          this.#done(held, message);
        }
      },
    });
    this.#held.add(held);
    this.#count(queue, 1);
    return held;
  }

  /** Resolves when no handler that has ended leaves a message unanswered: each lease ends. */
  async noneHanded(): Promise<void> {
    while ([...this.#held].some((held) => held.isHanded)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #copy(queue: string, stored: Stored): Promise<void> {
    if (stored.delaySeconds > 0) await this.#parts.park(queue);
    await this.#parts.publisher.toQueues([routeOf(queue, stored)]);
  }

  #done(held: Held, message: Message): void {
    if (!this.#isOpen) return;
    this.#channel.ack(message);
    this.#forget(held);
    held.onDone();
  }

  #forget(held: Held): void {
    if (!this.#held.delete(held)) return;
    this.#rest(held);
    this.#count(held.queue, -1);
  }

  #rest(held: Held): void {
    held.rest();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #count(queue: string, change: number): void {
    const { inFlight } = this.#parts;
    inFlight.set(queue, (inFlight.get(queue) ?? 0) + change);
  }
}
