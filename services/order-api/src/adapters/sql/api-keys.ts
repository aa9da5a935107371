import type { ApiKey } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { KeyStore } from '../../app/api-keys.ts';
import { time } from './rows.ts';

interface KeyRow {
  readonly id: string;
  readonly customer_id: string | null;
  readonly hint: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

const COLUMNS = 'id, customer_id, hint, created_at, revoked_at';

const keyOf = (row: KeyRow): ApiKey => ({
  id: row.id,
  customerId: row.customer_id,
  hint: row.hint,
  createdAt: time(row.created_at),
  revokedAt: time(row.revoked_at),
});

/** Hashes of API keys in the database. */
export const sqlApiKeys = (database: Database): KeyStore => ({
  async create({ id, customerId, hash, hint, createdAt }) {
    await database.query(
      `WITH customer AS (
         INSERT INTO customers (id, limits, source_prefixes, destination_prefixes, created_at)
         SELECT $2::text, '{}', '{}', '{}', now() WHERE $2::text IS NOT NULL
         ON CONFLICT (id) DO NOTHING
       )
       INSERT INTO api_keys (id, customer_id, hash, hint, created_at)
       VALUES ($1, $2, decode($3, 'hex'), $4, $5)`,
      [id, customerId, hash.toString('hex'), hint, createdAt],
    );
  },
  async find(id) {
    const [row] = await database.query<KeyRow & { hash: string }>(
      `SELECT ${COLUMNS}, encode(hash, 'hex') AS hash FROM api_keys WHERE id = $1`,
      [id],
    );
    return row ? { ...keyOf(row), hash: Buffer.from(row.hash, 'hex') } : null;
  },
  async list({ after, limit }) {
    const rows = await database.query<KeyRow>(
      `SELECT ${COLUMNS} FROM api_keys WHERE $1::text IS NULL OR id > $1 ORDER BY id LIMIT $2`,
      [after, limit],
    );
    return rows.map(keyOf);
  },
  async revoke(id) {
    const revoked = await database.query(
      'UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING 1',
      [id],
    );
    return revoked.length > 0;
  },
  async hasAny() {
    const [row] = await database.query<{ found: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM api_keys) AS found',
    );
    return row?.found ?? false;
  },
});
