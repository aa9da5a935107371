import type { Database } from '@spillway/database';
import type { EndpointStore } from '../../app/webhook-ports.ts';
import type { EndpointState } from '../../domain/webhook-endpoint.ts';
import { time } from './rows.ts';

const COLUMNS = `id, customer_id, url, events, description, secret_version, previous_secret_until,
  disabled_at, disabled_reason, failing_since, created_at`;

interface EndpointRow {
  readonly id: string;
  readonly customer_id: string;
  readonly url: string;
  readonly events: EndpointState['events'];
  readonly description: string | null;
  readonly secret_version: number;
  readonly previous_secret_until: Date | null;
  readonly disabled_at: Date | null;
  readonly disabled_reason: string | null;
  readonly failing_since: Date | null;
  readonly created_at: Date;
}

const endpointOf = (row: EndpointRow): EndpointState => ({
  id: row.id,
  customerId: row.customer_id,
  url: row.url,
  events: row.events,
  description: row.description,
  disabled: row.disabled_at !== null,
  disabledReason: row.disabled_reason,
  failingSince: time(row.failing_since),
  previousSecretUntil: time(row.previous_secret_until),
  createdAt: time(row.created_at),
  secretVersion: row.secret_version,
});

/** Counts and writes in one go; requests that run at the same time may make so many more than the most. */
const INSERT = `
  INSERT INTO webhook_endpoints (id, customer_id, url, events, description, secret_version, created_at)
  SELECT $1, $2::text, $3, $4::text[], $5, $6::integer, $7::timestamptz
  WHERE (SELECT count(*) FROM webhook_endpoints WHERE customer_id = $2::text) < $8::integer
  RETURNING id`;

/** A null leaves as it is; the description, which may become null, has `$4` for that. */
const CHANGE = `
  UPDATE webhook_endpoints SET
    url = coalesce($2, url),
    events = coalesce($3::text[], events),
    description = CASE WHEN $4 THEN $5 ELSE description END,
    disabled_at = CASE WHEN $6 THEN coalesce(disabled_at, now())
      WHEN NOT $6 THEN NULL ELSE disabled_at END,
    disabled_reason = CASE WHEN $6 THEN coalesce(disabled_reason, 'Its owner said so.')
      WHEN NOT $6 THEN NULL ELSE disabled_reason END,
    failing_since = CASE WHEN NOT $6 OR url <> $2 THEN NULL ELSE failing_since END
  WHERE id = $1
  RETURNING ${COLUMNS}`;

const ROTATE = `
  UPDATE webhook_endpoints SET secret_version = secret_version + 1, previous_secret_until = $2
  WHERE id = $1
  RETURNING ${COLUMNS}`;

const REMOVE = `
  WITH delivery AS (DELETE FROM webhook_deliveries WHERE endpoint_id = $1)
  DELETE FROM webhook_endpoints WHERE id = $1`;

/** The table `webhook_endpoints`. */
export function sqlEndpoints(database: Database): EndpointStore {
  const query = async (sql: string, parameters: readonly unknown[]): Promise<EndpointState[]> =>
    (await database.query<EndpointRow>(sql, parameters)).map(endpointOf);
  const first = async (sql: string, parameters: readonly unknown[]) =>
    (await query(sql, parameters))[0] ?? null;

  return {
    async create({ id, customerId, url, events, description, secretVersion, createdAt }, most) {
      const values = [id, customerId, url, events, description, secretVersion, createdAt, most];
      return (await database.query(INSERT, values)).length > 0;
    },
    find: (id) => first(`SELECT ${COLUMNS} FROM webhook_endpoints WHERE id = $1`, [id]),
    list: ({ customerId, before, limit }) =>
      query(
        `SELECT ${COLUMNS} FROM webhook_endpoints
         WHERE ($1::text IS NULL OR customer_id = $1) AND ($2::text IS NULL OR id < $2)
         ORDER BY id DESC LIMIT $3`,
        [customerId, before, limit],
      ),
    ofCustomer: (customerId) =>
      query(
        `SELECT ${COLUMNS} FROM webhook_endpoints
         WHERE customer_id = $1 AND disabled_at IS NULL ORDER BY id`,
        [customerId],
      ),
    change: (id, { url, events, description, disabled }) =>
      first(CHANGE, [
        ...[id, url ?? null, events ?? null],
        ...[description !== undefined, description ?? null, disabled ?? null],
      ]),
    rotate: (id, previousUntil) => first(ROTATE, [id, previousUntil]),
    async remove(id) {
      await database.query(REMOVE, [id]);
    },
  };
}
