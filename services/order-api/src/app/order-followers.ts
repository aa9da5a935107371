import type { Logger } from '@spillway/runtime';
import type { OrderPosition, OrderStore } from './ports.ts';

/** Changes that another process of the API made are seen after so long. */
const POLL_MS = 1_000;

interface Follower {
  /** Of the last change it was told of. */
  sequence: number;
  wake: () => void;
}

/**
 * Thousands may follow one order: what all of them want to know now is asked once. `forget` when an
 * answer that is under way may be old.
 */
export function asking<T>(ask: (orderId: string) => Promise<T>) {
  const asked = new Map<string, Promise<T>>();
  return {
    ask(orderId: string): Promise<T> {
      const known = asked.get(orderId);
      if (known) return known;
      const answer = ask(orderId).finally(() => {
        if (asked.get(orderId) === answer) asked.delete(orderId);
      });
      asked.set(orderId, answer);
      return answer;
    },
    forget: (orderId: string): void => void asked.delete(orderId),
  };
}

/** Who wants to know of changes, by the order. */
export class OrderFollowers {
  readonly #store: Pick<OrderStore, 'positions'>;
  readonly #log: Logger;
  readonly #positions = asking(async (id) => (await this.#store.positions([id]))[0]);
  readonly #of = new Map<string, Set<Follower>>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(store: Pick<OrderStore, 'positions'>, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /**
   * Where the order stands whenever that is further than before, at first than `sequence`; ends with the
   * order, or when it is gone. Throws what the store throws.
   */
  async *changes(
    orderId: string,
    sequence: number,
    signal: AbortSignal,
  ): AsyncGenerator<OrderPosition> {
    const follower: Follower = { sequence, wake: () => {} };
    const wake = () => follower.wake();
    this.#add(orderId, follower);
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted && !this.#isClosed) {
        // Before the look, so that what is committed meanwhile is not slept through.
        const woken = new Promise<void>((resolve) => {
          follower.wake = resolve;
        });
        const at = await this.#positions.ask(orderId);
        if (!at) return;
        if (at.sequence > follower.sequence) {
          follower.sequence = at.sequence;
          yield at;
        }
        if (at.ended) return;
        if (!signal.aborted && !this.#isClosed) await woken;
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#remove(orderId, follower);
    }
  }

  /** This process has changed the order. */
  poke(orderId: string): void {
    this.#positions.forget(orderId);
    for (const { wake } of this.#of.get(orderId) ?? []) wake();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const orderId of this.#of.keys()) this.poke(orderId);
  }

  #add(orderId: string, follower: Follower): void {
    const followers = this.#of.get(orderId) ?? new Set();
    this.#of.set(orderId, followers.add(follower));
    this.#pollSoon();
  }

  #remove(orderId: string, follower: Follower): void {
    const followers = this.#of.get(orderId);
    followers?.delete(follower);
    if (followers?.size === 0) this.#of.delete(orderId);
  }

  #pollSoon(): void {
    if (this.#isClosed || this.#of.size === 0) return;
    this.#timer ??= setTimeout(() => this.#poll(), POLL_MS).unref();
  }

  /** One query for all followers; none while nobody follows. */
  async #poll(): Promise<void> {
    const now = await this.#store.positions([...this.#of.keys()]).catch((err: unknown) => {
      this.#log.warn({ err }, 'listeners to events have to wait');
      return null;
    });
    const found = new Map(now?.map((at) => [at.id, at]));
    for (const [orderId, followers] of now ? this.#of : []) {
      const at = found.get(orderId);
      for (const { sequence, wake } of followers) {
        if (!at || at.ended || at.sequence > sequence) wake();
      }
    }
    this.#timer = undefined;
    this.#pollSoon();
  }
}
