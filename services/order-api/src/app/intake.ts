import type { OrderStore, TracedStep } from './ports.ts';

/** Bounds the statement, and how many orders a failure of it sends round again. */
const MOST_AT_ONCE = 64;

interface Waiting extends TracedStep {
  resolve(): void;
  reject(error: unknown): void;
}

/** Resolves when the order is durable. */
export type Intake = (order: TracedStep) => Promise<void>;

/**
 * Writes orders that come at the same time together: an order alone is written at once, and what comes
 * meanwhile is the next statement. A flood of orders then costs the database a third of the time.
 */
export function orderIntake(store: Pick<OrderStore, 'create'>): Intake {
  let waiting: Waiting[] = [];
  let writing = false;

  /** When a statement of several fails, each is tried alone: one bad order fails no other. */
  async function write(orders: readonly Waiting[]): Promise<void> {
    try {
      await store.create(orders);
      for (const { resolve } of orders) resolve();
    } catch (error) {
      if (orders.length === 1) for (const { reject } of orders) reject(error);
      else for (const order of orders) await write([order]);
    }
  }

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const next = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await write(next);
    }
    writing = false;
  }

  return (order) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...order, resolve, reject });
      if (!writing) void writeAll();
    });
}
