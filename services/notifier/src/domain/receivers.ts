import type { Notification } from '@spillway/contracts';
import { LRUCache } from 'lru-cache';
import { nameOf } from './webhook.ts';

/** So many failures in a row, and a receiver is left alone for a while. */
const FAILURES_BEFORE_REST = 5;
const FIRST_REST_MS = 5_000;
/** One that is well again hears of it within this. */
const LONGEST_REST_MS = 300_000;
/** A day of such pauses is less than the deliveries that the queue allows. */
const LONGEST_PAUSE_SECONDS = 600;
/** Until it is known better. */
const USUAL_SECONDS = 0.1;

/** Requests at once. */
export interface ReceiverLimits {
  readonly receiver: number;
  readonly customer: number;
}

export type Admission =
  | { readonly kind: 'admitted' }
  /** It is spoken to as often as it may be; it should have room after so long. */
  | { readonly kind: 'busy'; readonly seconds: number }
  /** It failed so often that it is not even asked. */
  | { readonly kind: 'resting'; readonly seconds: number };

/** How a request ended. `received` is null when nothing was learned: it was cut. */
export interface Ended {
  readonly received: boolean | null;
  readonly seconds: number;
}

/** Requests under way and notifications that wait for room, of a receiver or of a customer. */
interface Line {
  underWay: number;
  waiting: number;
}

interface Receiver extends Line {
  failures: number;
  rests: number;
  /** ms since 1970. */
  restsUntil: number;
  /** What a request takes, on average. */
  usualSeconds: number;
}

/** Whose answers say something of each other: an endpoint at an address, or a host that a customer's orders name. */
const receiverOf = ({ endpoint, customerId, url }: Notification): string =>
  endpoint
    ? `${endpoint.id} ${url}`
    : `${customerId} ${URL.canParse(url) ? new URL(url).host : url}`;

/**
 * Who is spoken to how often, so that receivers that hang do not take every slot: one receiver has a
 * share of them, one customer a larger share, and a receiver that fails again and again rests, longer
 * each time; after that a single request at a time finds out whether it is well again.
 */
export class Receivers {
  readonly #limits: ReceiverLimits;
  readonly #random: () => number;
  // Far more than are under way; customers can name as many hosts as they like.
  readonly #receivers = new LRUCache<string, Receiver>({ max: 10_000 });
  readonly #customers = new LRUCache<string, Line>({ max: 10_000 });
  /** How often a notification was told to wait, by its name. Forgotten, it only makes a pause longer. */
  readonly #timesBusy = new LRUCache<string, number>({ max: 100_000 });

  constructor(limits: ReceiverLimits, random: () => number = Math.random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** One that is admitted is told how it ended. */
  admit(notification: Notification, now: number): Admission {
    const [receiver, customer] = this.#linesOf(notification);
    // Who asks for a test wants to know now.
    if (receiver.restsUntil > now && !notification.once) {
      return { kind: 'resting', seconds: (receiver.restsUntil - now) / 1000 };
    }
    const ofReceiver = receiver.rests > 0 ? 1 : this.#limits.receiver;
    const name = nameOf(notification);
    const times = this.#timesBusy.get(name);
    if (receiver.underWay >= ofReceiver || customer.underWay >= this.#limits.customer) {
      for (const line of [receiver, customer]) if (times === undefined) line.waiting += 1;
      this.#timesBusy.set(name, (times ?? 0) + 1);
      const turns = Math.max(
        receiver.waiting / ofReceiver,
        customer.waiting / this.#limits.customer,
      );
      return { kind: 'busy', seconds: this.#pause(turns * receiver.usualSeconds) };
    }
    for (const line of [receiver, customer]) {
      line.underWay += 1;
      if (times !== undefined) line.waiting = Math.max(0, line.waiting - 1);
    }
    return { kind: 'admitted' };
  }

  ended(notification: Notification, { received, seconds }: Ended, now: number): void {
    const [receiver, customer] = this.#linesOf(notification);
    for (const line of [receiver, customer]) {
      line.underWay -= 1;
      // There is room, and nobody came: some of those that waited were told by another process.
      if (line.underWay === 0) line.waiting = Math.floor(line.waiting / 2);
    }
    if (received === null) return;
    receiver.usualSeconds += (seconds - receiver.usualSeconds) / 5;
    if (received) Object.assign(receiver, { failures: 0, rests: 0, restsUntil: 0 });
    else this.#failed(receiver, now);
  }

  /** How often it was told to wait, which brokers count as deliveries, and which was no try. */
  timesBusy(notification: Notification): number {
    return this.#timesBusy.get(nameOf(notification)) ?? 0;
  }

  /** A little early, so that there is always one to be told. */
  #pause(seconds: number): number {
    const early = seconds * (0.5 + this.#random() / 2);
    return Math.min(LONGEST_PAUSE_SECONDS, Math.max(1, early));
  }

  #linesOf(notification: Notification): [Receiver, Line] {
    const { customerId } = notification;
    const id = receiverOf(notification);
    const receiver = this.#receivers.get(id) ?? {
      ...{ underWay: 0, waiting: 0, failures: 0, rests: 0, restsUntil: 0 },
      usualSeconds: USUAL_SECONDS,
    };
    const customer = this.#customers.get(customerId) ?? { underWay: 0, waiting: 0 };
    this.#receivers.set(id, receiver);
    this.#customers.set(customerId, customer);
    return [receiver, customer];
  }

  #failed(receiver: Receiver, now: number): void {
    receiver.failures += 1;
    // Those that were under way together tell the same news.
    if (receiver.failures < FAILURES_BEFORE_REST || receiver.restsUntil > now) return;
    receiver.restsUntil = now + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** receiver.rests);
    receiver.rests += 1;
  }
}
