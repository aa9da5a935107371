import type { Database } from '@spillway/database';
import type { RetentionStore } from '../../app/retention.ts';

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** Orders whose files are kept no longer: `$1` says whether completed ones, `$2` when they ended at the latest. */
const WITH_FILES = `SELECT id FROM orders
  WHERE (status = 'completed') = $1 AND ended_at < $2 AND ended_at IS NOT NULL AND expired_at IS NULL
  ORDER BY ended_at LIMIT $3`;

/** What is kept for how long, in the database. */
export const sqlRetention = (database: Database): RetentionStore => ({
  expirable: async ({ isCompleted, endedBefore, limit }) =>
    idsOf(await database.query(WITH_FILES, [isCompleted, endedBefore, limit])),
  async expire({ isCompleted, endedBefore, limit }) {
    // The version: whoever was just beginning it again reads it anew.
    await database.query(
      `UPDATE orders SET expired_at = now(), swept_at = NULL, version = version + 1
       WHERE id IN (${WITH_FILES}) AND expired_at IS NULL AND ended_at < $2`,
      [isCompleted, endedBefore, limit],
    );
  },
  endedBefore: async (before, limit) =>
    idsOf(
      await database.query(
        `SELECT id FROM orders WHERE ended_at < $1 AND ended_at IS NOT NULL
         ORDER BY ended_at LIMIT $2`,
        [before, limit],
      ),
    ),
  async removeEventsBefore(before, limit) {
    await database.query(
      `WITH trimmed AS (
         UPDATE orders SET events_removed_at = now()
         WHERE id IN (SELECT id FROM orders WHERE ended_at < $1 AND ended_at IS NOT NULL
           AND events_removed_at IS NULL ORDER BY ended_at LIMIT $2)
         RETURNING id, sequence
       )
       DELETE FROM events USING trimmed
       WHERE events.order_id = trimmed.id AND events.sequence < trimmed.sequence`,
      [before, limit],
    );
    await database.query(
      `DELETE FROM webhook_deliveries WHERE id IN (
         SELECT id FROM webhook_deliveries WHERE created_at < $1 ORDER BY created_at LIMIT $2)`,
      [before, limit],
    );
  },
  async unknownOf(orderIds) {
    const rows = await database.query<{ id: string }>(
      `SELECT given.id FROM unnest($1::text[]) AS given (id)
       WHERE NOT EXISTS (SELECT FROM orders WHERE orders.id = given.id)
         AND NOT EXISTS (SELECT FROM removed_orders WHERE removed_orders.id = given.id)`,
      [orderIds],
    );
    return idsOf(rows);
  },
});
