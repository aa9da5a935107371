import type { Logger } from '@spillway/runtime';
import type { OrderStore, StoredEvent } from './ports.ts';

/** Changes that another process of the API made are seen after so long. */
const POLL_MS = 1_000;

interface Follower {
  readonly orderId: string;
  /** Of the last event it was given. */
  sequence: number;
  wake: () => void;
}

/** Tells listeners what happens to orders. */
export interface EventFeed {
  /**
   * The events after `sequence`, those to come included; ends after the order's last one, or when the
   * order is gone. Throws what the store throws.
   */
  follow(orderId: string, sequence: number, signal: AbortSignal): AsyncGenerator<StoredEvent[]>;
  /** This process has changed the order: its listeners need not wait for the poll. */
  poke(orderId: string): void;
  close(): void;
}

export function createEventFeed(store: OrderStore, log: Logger): EventFeed {
  const followers = new Set<Follower>();
  const closed = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  /** One query for all listeners; none while nobody listens. */
  async function poll(): Promise<void> {
    if (closed.signal.aborted) return;
    const ids = new Set([...followers].map(({ orderId }) => orderId));
    const positions = await store.positions([...ids]).catch((err: unknown) => {
      log.warn({ err }, 'listeners to events have to wait');
      return null;
    });
    const found = new Map(positions?.map((position) => [position.id, position]));
    for (const follower of positions ? followers : []) {
      const position = found.get(follower.orderId);
      if (!position || position.ended || position.sequence > follower.sequence) follower.wake();
    }
    timer = followers.size > 0 ? setTimeout(poll, POLL_MS).unref() : undefined;
  }

  async function* follow(
    orderId: string,
    sequence: number,
    signal: AbortSignal,
  ): AsyncGenerator<StoredEvent[]> {
    const follower: Follower = { orderId, sequence, wake: () => {} };
    followers.add(follower);
    timer ??= setTimeout(poll, POLL_MS).unref();
    const wake = () => follower.wake();
    const ends = AbortSignal.any([signal, closed.signal]);
    ends.addEventListener('abort', wake);
    try {
      while (!ends.aborted) {
        // Before the look, so that what is committed meanwhile is not slept through.
        const woken = new Promise<void>((resolve) => {
          follower.wake = resolve;
        });
        const [position] = await store.positions([orderId]);
        if (!position) return;
        const events =
          position.sequence > follower.sequence
            ? await store.eventsAfter(orderId, follower.sequence)
            : [];
        follower.sequence = events.at(-1)?.sequence ?? follower.sequence;
        if (events.length > 0) yield events;
        if (events.length > 0 && follower.sequence < position.sequence) continue;
        if (position.ended) return;
        if (!ends.aborted) await woken;
      }
    } finally {
      ends.removeEventListener('abort', wake);
      followers.delete(follower);
    }
  }

  return {
    follow,
    poke(orderId) {
      for (const follower of followers) if (follower.orderId === orderId) follower.wake();
    },
    close() {
      closed.abort();
      clearTimeout(timer);
    },
  };
}
