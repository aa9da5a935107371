import { endStatuses } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { OrderPosition, OrderQuery, OrderStore, StoredEvent } from '../../app/ports.ts';
import { sqlIdempotencyKeys } from './idempotency-keys.ts';
import { sqlOpenWork } from './open-work.ts';
import { ORDER_COLUMNS, type OrderRow, stateOf, time } from './rows.ts';
import { INSERT_ORDER_OF_KEY, INSERT_ORDERS, parametersOf, UPDATE_ORDER } from './write-order.ts';

const jobsWhere = (condition: string): string =>
  `(SELECT json_agg(j) FROM jobs j WHERE j.order_id = orders.id AND ${condition}) AS jobs`;
/** What says where an order plays: its outputs, its first chunk and its sound. */
const FOR_VIEW = jobsWhere(
  "(j.kind IN ('prepare', 'package') OR j.kind LIKE 'encode-%' AND j.index = 0)",
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

/** Orders in the database. */
export function sqlOrderStore(database: Database): OrderStore {
  const readRow = async (orderId: string, jobs: string): Promise<OrderRow | undefined> =>
    (
      await database.query<OrderRow>(`SELECT ${ORDER_COLUMNS}, ${jobs} FROM orders WHERE id = $1`, [
        orderId,
      ])
    )[0];

  return {
    async create(orders) {
      await database.query(
        INSERT_ORDERS,
        parametersOf(orders.map((order) => ({ before: null, steps: [order] }))),
      );
    },
    async createOfKey(order, { customerId, key, claim }, response) {
      const parameters = parametersOf([{ before: null, steps: [order] }]);
      const written = await database.query(INSERT_ORDER_OF_KEY, [
        ...parameters,
        customerId,
        key,
        claim,
        JSON.stringify(response),
      ]);
      return written.length > 0;
    },
    async read(orderId) {
      const row = await readRow(orderId, jobsWhere('true'));
      return row ? { state: stateOf(row), version: row.version } : null;
    },
    async write({ state: before, version }, steps) {
      const parameters = [...parametersOf([{ before, steps }]), version];
      return (await database.query(UPDATE_ORDER, parameters)).length > 0;
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
    async remove(orderId) {
      const removed = await database.query(
        'DELETE FROM orders WHERE id = $1 AND status = ANY ($2::text[]) RETURNING id',
        [orderId, endStatuses],
      );
      return removed.length > 0;
    },
    async eventsAfter(orderId, sequence) {
      const rows = await database.query<Omit<StoredEvent, 'occurredAt'> & { at: Date }>(
        `SELECT sequence, type, occurred_at AS at, snapshot AS "order" FROM events
         WHERE order_id = $1 AND sequence > $2 ORDER BY sequence LIMIT 1000`,
        [orderId, sequence],
      );
      return rows.map(({ at, ...event }) => ({ ...event, occurredAt: time(at) }));
    },
    positions: (orderIds) =>
      database.query<OrderPosition>(
        `SELECT id, sequence, ended_at IS NOT NULL AS ended FROM orders
         WHERE id = ANY ($1::text[])`,
        [orderIds],
      ),
    ...sqlOpenWork(database),
    ...sqlIdempotencyKeys(database),
  };
}

export const orderMigrations = new URL('./migrations/', import.meta.url);
