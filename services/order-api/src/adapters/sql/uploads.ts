import { endStatuses } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { UploadStore } from '../../app/upload-ports.ts';
import type { UploadState } from '../../domain/upload.ts';
import { time } from './rows.ts';

interface UploadRow {
  readonly id: string;
  readonly customer_id: string;
  readonly filename: string | null;
  readonly bytes: number | null;
  readonly max_bytes: number;
  readonly status: UploadState['status'];
  readonly etag: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly completed_at: Date | null;
}

const COLUMNS = `id, customer_id, filename, bytes, max_bytes, status, etag, created_at, expires_at,
  completed_at`;

const uploadOf = (row: UploadRow): UploadState => ({
  id: row.id,
  customerId: row.customer_id,
  filename: row.filename,
  bytes: row.bytes,
  maxBytes: row.max_bytes,
  status: row.status,
  etag: row.etag,
  createdAt: time(row.created_at),
  expiresAt: time(row.expires_at),
  completedAt: time(row.completed_at),
});

/** Orders that name the upload; the condition is that of the index. */
const NAMING = `SELECT FROM orders
  WHERE request->'uploads' <> '{}'::jsonb AND request->'uploads' ? uploads.id`;

/** Uploads in the database. */
export function sqlUploads(database: Database): UploadStore {
  const one = async (sql: string, parameters: unknown[]): Promise<UploadState | null> => {
    const [row] = await database.query<UploadRow>(sql, parameters);
    return row ? uploadOf(row) : null;
  };
  const isWritten = async (sql: string, parameters: unknown[]): Promise<boolean> =>
    (await database.query(`${sql} RETURNING id`, parameters)).length > 0;

  return {
    async create(upload) {
      const { id, customerId, filename, bytes, maxBytes, createdAt, expiresAt } = upload;
      await database.query(
        `INSERT INTO uploads (id, customer_id, filename, bytes, max_bytes, status, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7)`,
        [id, customerId, filename, bytes, maxBytes, createdAt, expiresAt],
      );
    },
    read: (id) => one(`SELECT ${COLUMNS} FROM uploads WHERE id = $1`, [id]),
    declareBytes: async (id, bytes) => {
      await database.query(`UPDATE uploads SET bytes = $2 WHERE id = $1 AND status = 'waiting'`, [
        id,
        bytes,
      ]);
    },
    complete: (id, { etag, bytes, completedAt, expiresAt }) =>
      isWritten(
        `UPDATE uploads SET status = 'complete', etag = $2, bytes = $3, completed_at = $4,
           expires_at = $5
         WHERE id = $1 AND status = 'waiting'`,
        [id, etag, bytes, completedAt, expiresAt],
      ),
    lease: (id, writer, seconds) =>
      one(
        `UPDATE uploads SET writer = $2, writer_until = now() + make_interval(secs => $3)
         WHERE id = $1 AND (writer IS NULL OR writer = $2 OR writer_until < now())
         RETURNING ${COLUMNS}`,
        [id, writer, seconds],
      ),
    renewLease: (id, writer, seconds) =>
      isWritten(
        `UPDATE uploads SET writer_until = now() + make_interval(secs => $3)
         WHERE id = $1 AND writer = $2`,
        [id, writer, seconds],
      ),
    async endLease(id, writer) {
      await database.query(
        'UPDATE uploads SET writer = NULL, writer_until = NULL WHERE id = $1 AND writer = $2',
        [id, writer],
      );
    },
    expire: (id) =>
      isWritten(
        `UPDATE uploads SET status = 'expired' WHERE id = $1
           AND NOT EXISTS (${NAMING} AND orders.status <> ALL ($2::text[]))`,
        [id, endStatuses],
      ),
    async remove(id) {
      await database.query(`DELETE FROM uploads WHERE id = $1 AND status = 'expired'`, [id]);
    },
    async expired({ expiredBefore, orderEndedBefore, limit }) {
      const rows = await database.query<{ id: string }>(
        `SELECT id FROM uploads
         WHERE status = 'expired' OR expires_at < $1
           AND NOT EXISTS (${NAMING} AND orders.status <> 'completed'
             AND (orders.ended_at IS NULL OR orders.ended_at >= $2))
         ORDER BY expires_at LIMIT $3`,
        [expiredBefore, orderEndedBefore, limit],
      );
      return rows.map(({ id }) => id);
    },
  };
}
