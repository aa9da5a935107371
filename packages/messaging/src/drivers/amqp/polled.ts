import { setTimeout as wait } from 'node:timers/promises';
import type { Channel } from 'amqplib';
import type { QueueNames } from '../../port.ts';
import { aborted } from './connection.ts';
import { Custody } from './custody.ts';
import type { HeldParts } from './held.ts';
import type { Hands, Source } from './source.ts';

/** Until all queues are asked again after they were found empty: doubles up to the second. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;

/**
 * Several queues by priority. Consumers of each would be sent messages for hands that are taken, so they
 * are asked, the most urgent first, whenever a hand is free.
 */
export class PolledSource implements Source {
  readonly custody: Custody;
  readonly #channel: Channel;
  readonly #queues: QueueNames;
  readonly #hands: Hands;
  #wake: () => void = () => {};

  constructor(channel: Channel, queues: QueueNames, hands: Hands, parts: HeldParts) {
    this.custody = new Custody(channel, parts);
    this.#channel = channel;
    this.#queues = queues;
    this.#hands = hands;
  }

  async serve(ended: AbortSignal): Promise<void> {
    const over = aborted(ended);
    let pauseMs = FIRST_PAUSE_MS;
    while (!ended.aborted) {
      if (this.#hands.free <= 0) await Promise.race([this.#freed(), over]);
      else if (await this.#takeOne()) pauseMs = FIRST_PAUSE_MS;
      else {
        await wait(pauseMs, undefined, { signal: ended }).catch(() => {});
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
  }

  onFree(): void {
    this.#wake();
  }

  #freed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #takeOne(): Promise<boolean> {
    for (const queue of this.#queues) {
      const message = await this.#channel.get(queue);
      if (!message) continue;
      this.#hands.give(this.custody.take(queue, message));
      return true;
    }
    return false;
  }
}
