import type { Logger } from '@spillway/runtime';
import type { OrderState } from '../domain/order.ts';
import type { OrderPosition, OrderStore, StoredEvent } from './ports.ts';

/** Changes that another process of the API made are seen after so long. */
const POLL_MS = 1_000;

interface Follower {
  /** Of the last change it was told of. */
  sequence: number;
  wake: () => void;
}

/** Tells listeners what happens to orders. */
export interface EventFeed {
  /**
   * The order as its store shows it, now if it has changed since `sequence`, then whenever it changes; ends with the
   * order, or when it is gone. Throws what the store throws.
   */
  states(orderId: string, sequence: number, signal: AbortSignal): AsyncGenerator<OrderState>;
  /** The events after `sequence`, those to come included. Ends and throws as `states` does. */
  follow(orderId: string, sequence: number, signal: AbortSignal): AsyncGenerator<StoredEvent[]>;
  /** This process has changed the order: its listeners need not wait for the poll. */
  poke(orderId: string): void;
  close(): void;
}

/** Thousands may follow one order: what all of them want to know now is asked once. */
function asking<K, T>(ask: (key: K) => Promise<T>) {
  const asked = new Map<K, Promise<T>>();
  return {
    ask(key: K): Promise<T> {
      const known = asked.get(key);
      if (known) return known;
      const answer = ask(key).finally(() => {
        if (asked.get(key) === answer) asked.delete(key);
      });
      asked.set(key, answer);
      return answer;
    },
    /** An answer that is under way may be old. */
    forget: (key: K): void => void asked.delete(key),
  };
}

export function createEventFeed(
  store: Pick<OrderStore, 'positions' | 'eventsAfter' | 'readForView'>,
  log: Logger,
): EventFeed {
  const followersOf = new Map<string, Set<Follower>>();
  const positions = asking(async (id: string) => (await store.positions([id]))[0]);
  const views = asking((id: string) => store.readForView(id));
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const wakeAll = (orderId: string): void => {
    for (const { wake } of followersOf.get(orderId) ?? []) wake();
  };

  /** One query for all listeners; none while nobody listens. */
  async function poll(): Promise<void> {
    const now = await store.positions([...followersOf.keys()]).catch((err: unknown) => {
      log.warn({ err }, 'listeners to events have to wait');
      return null;
    });
    const found = new Map(now?.map((at) => [at.id, at]));
    for (const [orderId, followers] of now ? followersOf : []) {
      const at = found.get(orderId);
      for (const { sequence, wake } of followers) {
        if (!at || at.ended || at.sequence > sequence) wake();
      }
    }
    timer = undefined;
    pollSoon();
  }

  function pollSoon(): void {
    if (isClosed || followersOf.size === 0) return;
    timer ??= setTimeout(poll, POLL_MS).unref();
  }

  function add(orderId: string, follower: Follower): void {
    const followers = followersOf.get(orderId) ?? new Set();
    followersOf.set(orderId, followers.add(follower));
    pollSoon();
  }

  function remove(orderId: string, follower: Follower): void {
    const followers = followersOf.get(orderId);
    followers?.delete(follower);
    if (followers?.size === 0) followersOf.delete(orderId);
  }

  /** Where the order stands, whenever that is further than before. */
  async function* changes(
    orderId: string,
    sequence: number,
    signal: AbortSignal,
  ): AsyncGenerator<OrderPosition> {
    const follower: Follower = { sequence, wake: () => {} };
    const wake = () => follower.wake();
    add(orderId, follower);
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted && !isClosed) {
        // Before the look, so that what is committed meanwhile is not slept through.
        const woken = new Promise<void>((resolve) => {
          follower.wake = resolve;
        });
        const at = await positions.ask(orderId);
        if (!at) return;
        if (at.sequence > follower.sequence) {
          follower.sequence = at.sequence;
          yield at;
        }
        if (at.ended) return;
        if (!signal.aborted && !isClosed) await woken;
      }
    } finally {
      signal.removeEventListener('abort', wake);
      remove(orderId, follower);
    }
  }

  async function* states(
    orderId: string,
    sequence: number,
    signal: AbortSignal,
  ): AsyncGenerator<OrderState> {
    let told = sequence;
    for await (const _at of changes(orderId, sequence, signal)) {
      const state = await views.ask(orderId);
      // Read after the change was seen: it may be further already, and then it is not told again.
      if (!state || state.sequence <= told) continue;
      told = state.sequence;
      yield state;
    }
  }

  async function* follow(
    orderId: string,
    sequence: number,
    signal: AbortSignal,
  ): AsyncGenerator<StoredEvent[]> {
    let told = sequence;
    for await (const at of changes(orderId, sequence, signal)) {
      while (told < at.sequence) {
        const events = await store.eventsAfter(orderId, told);
        if (events.length === 0) break;
        told = events.at(-1)?.sequence ?? told;
        yield events;
      }
    }
  }

  return {
    states,
    follow,
    poke(orderId) {
      positions.forget(orderId);
      views.forget(orderId);
      wakeAll(orderId);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const orderId of followersOf.keys()) wakeAll(orderId);
    },
  };
}
