import type { Queryable } from './port.ts';

/** A message to be sent once the transaction that holds it has committed. */
export interface OutboxMessage {
  /** The sender's own name for where it goes, for example `queue:encode-jobs`. */
  readonly destination: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages of one group are sent in order. */
  readonly group: string | null;
  readonly deduplicationId: string | null;
}

/**
 * The INSERT that puts messages into the outbox, for a statement of the caller's: `parameter` (`$3`)
 * holds `OutboxMessage[]` as JSON text; nothing is put there unless `condition` holds.
 */
export const enqueueSql = (parameter: string, condition = 'true'): string => `
  INSERT INTO outbox (destination, body, attributes, message_group, deduplication_id)
  SELECT destination, body, attributes, "group", "deduplicationId"
  FROM ROWS FROM (jsonb_to_recordset(${parameter}::jsonb) AS (
    destination text, body text, attributes jsonb, "group" text, "deduplicationId" text
  )) WITH ORDINALITY
  WHERE ${condition}
  ORDER BY ordinality`;

/** Puts messages into the outbox, in the caller's transaction. */
export async function enqueue(tx: Queryable, messages: readonly OutboxMessage[]): Promise<void> {
  await tx.query(enqueueSql('$1'), [JSON.stringify(messages)]);
}

export interface OutboxDepth {
  readonly waiting: number;
  readonly rejected: number;
  /** Age of the oldest that waits, 0 when none does. */
  readonly oldestSeconds: number;
}

export async function outboxDepth(database: Queryable): Promise<OutboxDepth> {
  const [depth] = await database.query<OutboxDepth>(
    `SELECT count(*) FILTER (WHERE rejected IS NULL) AS waiting,
       count(rejected) AS rejected,
       coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE rejected IS NULL)), 0)
         ::double precision AS "oldestSeconds"
     FROM outbox`,
  );
  if (!depth) throw new Error('an aggregate has one row');
  return depth;
}
