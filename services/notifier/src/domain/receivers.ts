import type { Notification } from '@spillway/contracts';
import { LRUCache } from 'lru-cache';

/** So many failures in a row, and a receiver is left alone for a while. */
const FAILURES_BEFORE_REST = 5;
const FIRST_REST_MS = 5_000;
/** One that is well again hears of it within this. */
const LONGEST_REST_MS = 300_000;

/** Requests at once. */
export interface ReceiverLimits {
  readonly receiver: number;
  readonly customer: number;
}

export type Admission =
  | { readonly kind: 'admitted' }
  /** It is spoken to as often as it may be. */
  | { readonly kind: 'busy' }
  /** It failed so often that it is not even asked. */
  | { readonly kind: 'resting'; readonly seconds: number };

interface Known {
  underWay: number;
  failures: number;
  rests: number;
  /** ms since 1970. */
  restsUntil: number;
}

/** Whose answers say something of each other: an endpoint, or a host that a customer's orders name. */
export const receiverOf = ({ endpoint, customerId, url }: Notification): string =>
  endpoint?.id ?? `${customerId} ${URL.canParse(url) ? new URL(url).host : url}`;

/**
 * Who is spoken to how often, so that receivers that hang do not take every slot: one receiver has a
 * share of them, one customer a larger share, and a receiver that fails again and again rests, longer
 * each time; after that a single request at a time finds out whether it is well again.
 */
export class Receivers {
  readonly #limits: ReceiverLimits;
  /** Far more than are under way; customers can name as many hosts as they like. */
  readonly #known = new LRUCache<string, Known>({ max: 10_000 });
  readonly #ofCustomer = new Map<string, number>();

  constructor(limits: ReceiverLimits) {
    this.#limits = limits;
  }

  /** One that is admitted is told how it ended. */
  admit(notification: Notification, now: number): Admission {
    const { customerId } = notification;
    const receiver = receiverOf(notification);
    const known = this.#known.get(receiver);
    // Who asks for a test wants to know now.
    if (known && known.restsUntil > now && !notification.once) {
      return { kind: 'resting', seconds: (known.restsUntil - now) / 1000 };
    }
    const most = known && known.rests > 0 ? 1 : this.#limits.receiver;
    const ofCustomer = this.#ofCustomer.get(customerId) ?? 0;
    if ((known?.underWay ?? 0) >= most || ofCustomer >= this.#limits.customer) {
      return { kind: 'busy' };
    }
    if (known) known.underWay += 1;
    else this.#known.set(receiver, { underWay: 1, failures: 0, rests: 0, restsUntil: 0 });
    this.#ofCustomer.set(customerId, ofCustomer + 1);
    return { kind: 'admitted' };
  }

  /** `received` is null when nothing was learned: the request was cut. */
  ended(notification: Notification, received: boolean | null, now: number): void {
    const { customerId } = notification;
    const receiver = receiverOf(notification);
    const ofCustomer = (this.#ofCustomer.get(customerId) ?? 0) - 1;
    if (ofCustomer > 0) this.#ofCustomer.set(customerId, ofCustomer);
    else this.#ofCustomer.delete(customerId);
    const known = this.#known.get(receiver);
    if (!known) return;
    known.underWay -= 1;
    if (received) Object.assign(known, { failures: 0, rests: 0, restsUntil: 0 });
    if (received === false) this.#failed(known, now);
    if (known.underWay === 0 && known.failures === 0) this.#known.delete(receiver);
  }

  #failed(known: Known, now: number): void {
    known.failures += 1;
    // Those that were under way together tell the same news.
    if (known.failures < FAILURES_BEFORE_REST || known.restsUntil > now) return;
    known.restsUntil = now + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** known.rests);
    known.rests += 1;
  }
}
