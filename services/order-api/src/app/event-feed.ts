import type { Logger } from '@spillway/runtime';
import type { OrderState } from '../domain/order.ts';
import { asking, OrderFollowers } from './order-followers.ts';
import type { OrderStore, StoredEvent } from './ports.ts';

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

export function createEventFeed(
  store: Pick<OrderStore, 'positions' | 'eventsAfter' | 'readForView'>,
  log: Logger,
): EventFeed {
  const followers = new OrderFollowers(store, log);
  const views = asking((id) => store.readForView(id));
  return {
    async *states(orderId, sequence, signal) {
      let told = sequence;
      for await (const at of followers.changes(orderId, sequence, signal)) {
        let state = await views.ask(orderId);
        if (state && state.sequence < at.sequence) {
          // Another listener had asked before the change.
          views.forget(orderId);
          state = await views.ask(orderId);
        }
        // It may be further already than the change, and then it is not told again.
        if (!state || state.sequence <= told) continue;
        told = state.sequence;
        yield state;
      }
    },
    async *follow(orderId, sequence, signal) {
      let told = sequence;
      for await (const at of followers.changes(orderId, sequence, signal)) {
        while (told < at.sequence) {
          const events = await store.eventsAfter(orderId, told);
          if (events.length === 0) break;
          told = events.at(-1)?.sequence ?? told;
          yield events;
        }
      }
    },
    poke(orderId) {
      views.forget(orderId);
      followers.poke(orderId);
    },
    close: () => followers.close(),
  };
}
