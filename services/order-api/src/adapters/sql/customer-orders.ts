import type { Database } from '@spillway/database';
import type { CustomerOrders } from '../../app/open-orders.ts';

/** Whose orders are whose, and how many of them are open. */
export const sqlCustomerOrders = (database: Database): CustomerOrders => ({
  async ownerOf(orderId) {
    const [order] = await database.query<{ owner: string }>(
      'SELECT customer_id AS owner FROM orders WHERE id = $1',
      [orderId],
    );
    return order?.owner ?? null;
  },
  async countOpen(customerId) {
    const [row] = await database.query<{ open: number }>(
      'SELECT count(*) AS open FROM orders WHERE customer_id = $1 AND ended_at IS NULL',
      [customerId],
    );
    return row?.open ?? 0;
  },
});
