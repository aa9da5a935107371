import { endStatuses } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { OrderPosition, OrderStore, StoredEvent } from '../../app/ports.ts';
import { sqlIdempotencyKeys } from './idempotency-keys.ts';
import { sqlOpenWork } from './open-work.ts';
import { sqlOrderReads } from './read-orders.ts';
import { time } from './rows.ts';
import { sqlSweeps } from './sweeps.ts';
import {
  deliveriesOf,
  INSERT_ORDER_OF_KEY,
  INSERT_ORDERS,
  parametersOf,
  UPDATE_ORDER,
  UPDATE_ORDER_AND_TELL,
} from './write-order.ts';

/** Orders in the database. */
export function sqlOrderStore(database: Database): OrderStore {
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
    async write({ state: before, version }, steps) {
      const parameters = [...parametersOf([{ before, steps }]), version];
      const deliveries = deliveriesOf(steps);
      const written = await (deliveries === null
        ? database.query(UPDATE_ORDER, parameters)
        : database.query(UPDATE_ORDER_AND_TELL, [...parameters, deliveries]));
      return written.length > 0;
    },
    async remove(orderId) {
      const removed = await database.query(
        `WITH removed AS (DELETE FROM orders WHERE id = $1 AND status = ANY ($2::text[]) RETURNING id)
         INSERT INTO removed_orders (id, removed_at) SELECT id, now() FROM removed RETURNING id`,
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
    ...sqlOrderReads(database),
    ...sqlSweeps(database),
    ...sqlOpenWork(database),
    ...sqlIdempotencyKeys(database),
  };
}
