import type { Database } from '@spillway/database';
import type { OrderStore } from '../../app/ports.ts';

/** Which orders still have leftovers in the object store: ended ones, and ones that are no more. */
export const sqlSweeps = (
  database: Database,
): Pick<OrderStore, 'unswept' | 'markSwept' | 'removedBefore' | 'forgetRemoved'> => ({
  async unswept(endedBefore, limit) {
    const rows = await database.query<{ id: string }>(
      `SELECT id FROM orders WHERE ended_at IS NOT NULL AND swept_at IS NULL AND ended_at < $1
       ORDER BY ended_at LIMIT $2`,
      [endedBefore, limit],
    );
    return rows.map(({ id }) => id);
  },
  async markSwept(orders) {
    await database.query(
      `UPDATE orders SET swept_at = now()
       FROM unnest($1::text[], $2::integer[]) AS swept (id, version)
       WHERE orders.id = swept.id AND orders.version = swept.version`,
      [orders.map(({ state }) => state.id), orders.map(({ version }) => version)],
      // Forgotten with the machine, it is only done again.
      { durable: false },
    );
  },
  async removedBefore(before, limit) {
    const rows = await database.query<{ id: string }>(
      'SELECT id FROM removed_orders WHERE removed_at < $1 ORDER BY removed_at LIMIT $2',
      [before, limit],
    );
    return rows.map(({ id }) => id);
  },
  async forgetRemoved(orderId) {
    await database.query('DELETE FROM removed_orders WHERE id = $1', [orderId]);
  },
});
