/** Which ended orders are meant. */
export interface ExpiryQuery {
  /** Completed ones, or those that ended otherwise. */
  readonly isCompleted: boolean;
  readonly endedBefore: Date;
  readonly limit: number;
}

/** What is kept, and what no longer. */
export interface RetentionStore {
  /** Orders whose files are there still and would be given up. */
  expirable(query: ExpiryQuery): Promise<string[]>;
  /** Gives up the files of those: a sweep then removes them. */
  expire(query: ExpiryQuery): Promise<void>;
  endedBefore(before: Date, limit: number): Promise<string[]>;
  /** Of orders that ended before then, all but their last event; and deliveries of webhooks. So many orders a time. */
  removeEventsBefore(before: Date, limit: number): Promise<void>;
  /** Those of the ids that neither an order nor a removed one has. */
  unknownOf(orderIds: readonly string[]): Promise<string[]>;
}

/** How long things are kept, in milliseconds; null: for ever. */
export interface Retention {
  /** Files of orders that did not complete, which a retry would use, and the uploads of those. */
  readonly sourcesMs: number | null;
  /** Files of completed orders. */
  readonly outputsMs: number | null;
  /** Ended orders themselves. */
  readonly ordersMs: number | null;
  /** Events of ended orders, and deliveries of webhooks. */
  readonly eventsMs: number | null;
  readonly idempotencyKeysMs: number;
}

/** What ended before this is kept no longer; null: everything is kept. */
export const keptSince = (keptMs: number | null, now: number): Date | null =>
  keptMs === null ? null : new Date(now - keptMs);
