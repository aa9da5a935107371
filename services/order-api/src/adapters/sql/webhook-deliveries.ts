import type { Notification, WebhookDelivery } from '@spillway/contracts';
import { type Database, enqueueSql } from '@spillway/database';
import { notificationMessage } from '../../app/messages.ts';
import type { StoredEvent } from '../../app/ports.ts';
import type { DeliveryStore } from '../../app/webhook-ports.ts';
import { newsOf } from '../../domain/endpoint-health.ts';
import { time } from './rows.ts';

/** The INSERT of deliveries, for a statement of the caller's: `parameter` holds `deliveryRows` as JSON. */
export const insertDeliveriesSql = (parameter: string, condition = 'true'): string => `
  INSERT INTO webhook_deliveries (id, endpoint_id, order_id, event_id, type, created_at)
  SELECT id, "endpointId", "orderId", "eventId", type, "createdAt"
  FROM jsonb_to_recordset(${parameter}::jsonb) AS told (
    id text, "endpointId" text, "orderId" text, "eventId" text, type text, "createdAt" timestamptz
  )
  WHERE ${condition}`;

/** Those that orders name themselves are not kept. */
export const deliveryRows = (notifications: readonly Notification[]): object[] =>
  notifications.flatMap(({ endpoint, id: eventId, orderId, payload, since: createdAt }) =>
    endpoint
      ? [
          {
            ...{ id: endpoint.deliveryId, endpointId: endpoint.id, orderId, eventId },
            ...{ type: payload.type, createdAt },
          },
        ]
      : [],
  );

const COLUMNS = `id, endpoint_id, event_id, type, order_id, status, attempts, next_try_at, created_at`;

interface DeliveryRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly type: WebhookDelivery['type'];
  readonly order_id: string | null;
  readonly status: WebhookDelivery['status'];
  readonly attempts: WebhookDelivery['attempts'];
  readonly next_try_at: Date | null;
  readonly created_at: Date;
}

const deliveryOf = (row: DeliveryRow): WebhookDelivery => ({
  id: row.id,
  webhookEndpointId: row.endpoint_id,
  eventId: row.event_id,
  type: row.type,
  orderId: row.order_id,
  status: row.status,
  attempts: row.attempts,
  nextTryAt: time(row.next_try_at),
  createdAt: time(row.created_at),
});

/**
 * `$1` and `$2` are `newsOf` results, which come in any order and more than once. An end stays, but for a
 * failed one that is received after all. An endpoint is disabled when it wants no more, or took nothing for
 * three days; what an address says that it had before is not held against it.
 */
const RECORD = `
  WITH delivery AS (
    UPDATE webhook_deliveries AS old SET
      status = CASE WHEN old.status = 'pending' OR new.status = 'delivered' THEN new.status
        ELSE old.status END,
      next_try_at = CASE WHEN old.status = 'pending' AND new.status = 'pending'
        THEN greatest(old.next_try_at, new."nextTryAt") END,
      attempts = (
        SELECT jsonb_agg(attempt ORDER BY attempt ->> 'at') FROM (
          SELECT DISTINCT attempt
          FROM jsonb_array_elements(old.attempts || new.attempts) AS every (attempt)
        ) AS different
      )
    FROM jsonb_to_recordset($1::jsonb) AS new (
      id text, status text, attempts jsonb, "nextTryAt" timestamptz
    )
    WHERE old.id = new.id
  ), judged AS (
    SELECT new.id, at, received, gone, error,
      gone OR NOT received AND endpoint.failing_since <= new.at - interval '3 days' AS disables
    FROM jsonb_to_recordset($2::jsonb) AS new (
      id text, url text, at timestamptz, received boolean, gone boolean, error text
    )
    JOIN webhook_endpoints AS endpoint
      ON endpoint.id = new.id AND endpoint.url = coalesce(new.url, endpoint.url)
  )
  UPDATE webhook_endpoints AS old SET
    failing_since = CASE WHEN NOT received THEN coalesce(failing_since, at) END,
    disabled_at = CASE WHEN disables THEN coalesce(disabled_at, at) ELSE disabled_at END,
    disabled_reason = CASE WHEN NOT coalesce(disables, false) OR disabled_at IS NOT NULL
        THEN disabled_reason
      WHEN gone THEN error
      ELSE 'It took nothing for 3 days, at last: ' || error END
  FROM judged
  WHERE old.id = judged.id
    AND (received <> (failing_since IS NULL) OR disables AND disabled_at IS NULL)`;

/** The table `webhook_deliveries`. */
export function sqlDeliveries(database: Database): DeliveryStore {
  return {
    async send(notification, trace) {
      await database.query(`WITH delivery AS (${insertDeliveriesSql('$1')}) ${enqueueSql('$2')}`, [
        JSON.stringify(deliveryRows([notification])),
        JSON.stringify([notificationMessage(notification, trace)]),
      ]);
    },
    async find(id) {
      const [row] = await database.query<DeliveryRow>(
        `SELECT ${COLUMNS} FROM webhook_deliveries WHERE id = $1`,
        [id],
      );
      return row ? deliveryOf(row) : null;
    },
    async list({ endpointId, before, limit }) {
      const rows = await database.query<DeliveryRow>(
        `SELECT ${COLUMNS} FROM webhook_deliveries
         WHERE endpoint_id = $1 AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
        [endpointId, before, limit],
      );
      return rows.map(deliveryOf);
    },
    async eventOf({ orderId, eventId }) {
      const sequence = Number(eventId.slice(eventId.lastIndexOf('_') + 1));
      const [row] = await database.query<Omit<StoredEvent, 'occurredAt'> & { at: Date }>(
        `SELECT sequence, type, occurred_at AS at, snapshot AS "order" FROM events
         WHERE order_id = $1 AND sequence = $2`,
        [orderId, sequence],
      );
      if (!row) return null;
      const { at, ...event } = row;
      return { ...event, occurredAt: time(at) };
    },
    async record(results) {
      const { deliveries, endpoints } = newsOf(results);
      await database.query(RECORD, [JSON.stringify(deliveries), JSON.stringify(endpoints)]);
    },
  };
}
