import type { Logger } from '@spillway/runtime';
import { DEAD_LETTER_REASON, type Delivery, deadLetterQueueOf } from '../../port.ts';
import { asked } from './errors.ts';
import type { Publisher } from './publisher.ts';
import type { Specs } from './specs.ts';
import type { Stored } from './stored.ts';

/** A dead-letter reason is one sentence; a stack trace would take the room of the body. */
const MOST_REASON_CHARACTERS = 1024;
/** Until an answer that the broker did not take is tried again by the end of the lease. */
const AGAIN_MS = 1_000;

export interface HeldParts {
  readonly publisher: Publisher;
  readonly specs: Specs;
  readonly log: Logger;
  /** Unacknowledged messages of this process, by queue. */
  readonly inFlight: Map<string, number>;
  /** Creates the parking queues of a queue that has none yet: a dead-letter queue. */
  readonly park: (queue: string) => Promise<void>;
}

interface Owner {
  /** When it is not, RabbitMQ has taken the message back, and any answer comes too late. */
  isOpen(): boolean;
  /** Acknowledges. */
  done(): void;
  /** Lets the message come again after the seconds, the attempts that ended counted. */
  again(attempts: number, seconds: number): Promise<void>;
}

/**
 * One message in hand. RabbitMQ leaves it there for as long as the channel is open, so the lease is kept
 * here: at its end the message goes back.
 */
export class Held {
  readonly queue: string;
  stored: Stored;
  /** Called when the message is acknowledged. */
  onDone: () => void = () => {};
  readonly #parts: HeldParts;
  readonly #owner: Owner;
  #lease: NodeJS.Timeout | undefined;
  /** Of the handing that may answer; an earlier one comes too late. */
  #turn = 0;
  #isHanded = false;

  constructor(queue: string, stored: Stored, parts: HeldParts, owner: Owner) {
    this.queue = queue;
    this.stored = stored;
    this.#parts = parts;
    this.#owner = owner;
  }

  /** A handler has it, or had it and gave no answer. */
  get isHanded(): boolean {
    return this.#isHanded;
  }

  /** To be handed to a handler, whose lease begins now. */
  delivery(): Delivery {
    const { queue, stored } = this;
    const turn = ++this.#turn;
    const attempt = stored.attempts + 1;
    this.#isHanded = true;
    this.#keep(turn, this.#parts.specs.queue(queue).leaseSeconds * 1000);
    const answer = (doing: string, act: () => Promise<void>) => this.#answer(turn, doing, act);
    return {
      id: stored.id,
      queue,
      body: stored.body.toString(),
      attributes: stored.attributes,
      group: stored.group,
      attempt,
      sentAt: new Date(stored.sentAt),
      ack: () => answer('acknowledge', async () => this.#owner.done()),
      retry: (seconds) => answer('delay', () => this.#again(attempt, seconds)),
      postpone: (seconds) => answer('postpone', () => this.#again(stored.attempts, seconds)),
      deadLetter: (reason) => answer('put aside', () => this.#putAside(reason)),
      extend: async (seconds) => {
        if (this.#isMine(turn)) this.#keep(turn, seconds * 1000);
      },
    };
  }

  /** Nobody here is to try it: what is delayed goes on waiting, the rest goes to others. */
  passOn(): Promise<void> {
    const { attempts, delaySeconds } = this.stored;
    return this.#answer(++this.#turn, 'pass on', () => this.#again(attempts, delaySeconds));
  }

  /** Was received, by others or here, as often as it may. */
  get isSpent(): boolean {
    return this.stored.attempts >= this.#parts.specs.queue(this.queue).maxDeliveries;
  }

  putAside(): Promise<void> {
    return this.#answer(++this.#turn, 'put aside', () => this.#putAside(null));
  }

  drop(): void {
    this.#owner.done();
  }

  /** The broker has the message again, or another copy of it. */
  rest(): void {
    clearTimeout(this.#lease);
    this.#isHanded = false;
  }

  #isMine(turn: number): boolean {
    return turn === this.#turn && this.#owner.isOpen();
  }

  #keep(turn: number, ms: number): void {
    clearTimeout(this.#lease);
    this.#lease = setTimeout(() => this.#expire(turn), ms);
  }

  #expire(turn: number): void {
    const attempts = this.stored.attempts + 1;
    this.#answer(turn, 'give back', () => this.#again(attempts, 0)).catch((err: unknown) =>
      this.#parts.log.warn({ err, queue: this.queue }, 'a lease ended, but not its message'),
    );
  }

  async #answer(turn: number, doing: string, act: () => Promise<void>): Promise<void> {
    if (!this.#isMine(turn)) return;
    const answered = ++this.#turn;
    clearTimeout(this.#lease);
    try {
      await asked(`${doing} a message of ${this.queue}`, act);
    } catch (error) {
      // The end of the lease is the next answer.
      if (this.#isMine(answered)) this.#keep(answered, AGAIN_MS);
      throw error;
    }
  }

  async #again(attempts: number, seconds: number): Promise<void> {
    if (attempts >= this.#parts.specs.queue(this.queue).maxDeliveries) await this.#putAside(null);
    else await this.#owner.again(attempts, Math.ceil(seconds));
  }

  async #putAside(reason: string | null): Promise<void> {
    const { stored } = this;
    const told = reason !== null && {
      [DEAD_LETTER_REASON]: reason.slice(0, MOST_REASON_CHARACTERS) || 'no reason given',
    };
    const attributes = { ...stored.attributes, ...told };
    const attempts = stored.attempts + 1;
    await this.#parts.publisher.toQueues([
      {
        routingKey: deadLetterQueueOf(this.queue),
        stored: { ...stored, attributes, attempts, delaySeconds: 0 },
      },
    ]);
    this.#owner.done();
  }
}
