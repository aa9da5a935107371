import type { Database } from '@spillway/database';
import type { OrderQuery, OrderStore } from '../../app/ports.ts';
import { ORDER_COLUMNS, type OrderRow, stateOf } from './rows.ts';

const jobsWhere = (condition: string): string =>
  `(SELECT json_agg(j) FROM jobs j WHERE j.order_id = orders.id AND ${condition}) AS jobs`;
/** What says where an order plays: its outputs, its first chunk, its sound, and its delivery. */
const FOR_VIEW = jobsWhere(
  "(j.kind IN ('prepare', 'package', 'deliver') OR j.kind LIKE 'encode-%' AND j.index = 0)",
);

async function listOrders(
  database: Database,
  { status, customerId, before, limit }: OrderQuery,
): Promise<OrderRow[]> {
  const parameters: unknown[] = [limit];
  const conditions: string[] = [];
  const where = (column: string, operator: string, value: string | null) => {
    if (value === null) return;
    parameters.push(value);
    conditions.push(`${column} ${operator} $${parameters.length}`);
  };
  where('status', '=', status);
  where('customer_id', '=', customerId);
  where('id', '<', before);
  return database.query<OrderRow>(
    `SELECT ${ORDER_COLUMNS}, ${FOR_VIEW} FROM orders
     ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY id DESC LIMIT $1`,
    parameters,
  );
}

/** Orders with as many of their jobs as the reader needs. */
export function sqlOrderReads(
  database: Database,
): Pick<OrderStore, 'read' | 'readAll' | 'readForView' | 'chunkPrefixes' | 'list'> {
  const readRow = async (orderId: string, jobs: string): Promise<OrderRow | undefined> =>
    (
      await database.query<OrderRow>(`SELECT ${ORDER_COLUMNS}, ${jobs} FROM orders WHERE id = $1`, [
        orderId,
      ])
    )[0];

  return {
    async read(orderId) {
      const row = await readRow(orderId, jobsWhere('true'));
      return row ? { state: stateOf(row), version: row.version } : null;
    },
    async readAll(orderIds) {
      const rows = await database.query<OrderRow>(
        `SELECT ${ORDER_COLUMNS}, ${jobsWhere('true')} FROM orders WHERE id = ANY ($1::text[])`,
        [orderIds],
      );
      return rows.map((row) => ({ state: stateOf(row), version: row.version }));
    },
    async readForView(orderId) {
      const row = await readRow(orderId, FOR_VIEW);
      return row ? stateOf(row) : null;
    },
    async chunkPrefixes(orderId) {
      const rows = await database.query<{ index: number; prefix: string }>(
        `SELECT index, outcome->>'prefix' AS prefix FROM jobs
         WHERE order_id = $1 AND kind = 'encode-chunk' AND status = 'succeeded' ORDER BY index`,
        [orderId],
      );
      const gap = rows.findIndex(({ index }, place) => index !== place);
      return rows.slice(0, gap === -1 ? rows.length : gap).map(({ prefix }) => prefix);
    },
    list: async (query) => (await listOrders(database, query)).map(stateOf),
  };
}
