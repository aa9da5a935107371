import type { Caller } from './caller.ts';
import { lookUps } from './look-ups.ts';

/** What other processes take, and what ends, is seen after so long. */
const COUNT_REMEMBERED_MS = 1_000;

export interface CustomerOrders {
  /** Null when there is no such order. */
  ownerOf(orderId: string): Promise<string | null>;
  /** Orders that have not ended. */
  countOpen(customerId: string): Promise<number>;
}

/** The customer has as many open orders as it may have. */
export class TooManyOpenOrders extends Error {
  override name = 'TooManyOpenOrders';
  readonly limit: number;

  constructor(limit: number) {
    super(`${limit} orders are open`);
    this.limit = limit;
  }
}

export interface OpenOrders {
  /** Does what opens one order more; operators may always. Throws `TooManyOpenOrders`, and what the work throws. */
  admit<T>(caller: Caller, work: () => Promise<T>): Promise<T>;
}

interface Count {
  /** Counted in the database, and taken here since. */
  open: number;
}

/**
 * Holds customers to their number of open orders: what was counted within the last second, and what this
 * process has taken since. Several processes may together go over it by what comes within a second.
 */
export function openOrders({ countOpen }: Pick<CustomerOrders, 'countOpen'>): OpenOrders {
  const beingTaken = new Map<string, number>();
  const counts = lookUps<Count>(async (customerId) => {
    // Some of them may be counted twice, for a second: none is forgotten.
    const unseen = beingTaken.get(customerId) ?? 0;
    return { open: (await countOpen(customerId)) + unseen };
  }, COUNT_REMEMBERED_MS);

  const changeBeingTaken = (customerId: string, by: number): void => {
    const taken = (beingTaken.get(customerId) ?? 0) + by;
    if (taken === 0) beingTaken.delete(customerId);
    else beingTaken.set(customerId, taken);
  };

  return {
    async admit({ customer: { id, limits }, isAdmin }, work) {
      if (isAdmin) return work();
      const count = await counts.get(id);
      if (count.open >= limits.openOrders) throw new TooManyOpenOrders(limits.openOrders);
      count.open += 1;
      changeBeingTaken(id, 1);
      try {
        return await work();
      } catch (error) {
        count.open -= 1;
        throw error;
      } finally {
        changeBeingTaken(id, -1);
      }
    },
  };
}
