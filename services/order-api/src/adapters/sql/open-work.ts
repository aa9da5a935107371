import { copyKinds, type OrderStatus } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { OrderStore } from '../../app/ports.ts';
import { noJobs, type OpenJobs } from '../../domain/backlog.ts';

/** Bounds what one look of the reconciler takes on. */
const MOST_AT_ONCE = 1000;

/** What has not ended yet, for the backlog and the reconciler. */
export const sqlOpenWork = (
  database: Database,
): Pick<OrderStore, 'openSince' | 'openJobsHeardBefore' | 'openJobs' | 'countByStatus'> => ({
  async openSince(before) {
    const rows = await database.query<{ id: string }>(
      `SELECT id FROM orders
       WHERE ended_at IS NULL AND created_at < $1 AND (retried_at IS NULL OR retried_at < $1)
       ORDER BY created_at LIMIT ${MOST_AT_ONCE}`,
      [before],
    );
    return rows.map(({ id }) => id);
  },
  openJobsHeardBefore: (before, { ingest, priorities }) =>
    database.query(
      `SELECT jobs.order_id AS "orderId", jobs.kind, jobs.index, orders.request->>'priority' AS priority,
         coalesce(jobs.heard_at, jobs.sent_at) AS "heardAt", jobs.times_lost AS "timesLost"
       FROM jobs JOIN orders ON orders.id = jobs.order_id
       WHERE jobs.ended_at IS NULL AND jobs.sent_at < $1
         AND coalesce(jobs.heard_at, jobs.sent_at) < $1
         AND CASE WHEN jobs.kind = ANY ($4::text[]) THEN $2::boolean
           ELSE orders.request->>'priority' = ANY ($3::text[]) END
       ORDER BY jobs.sent_at LIMIT ${MOST_AT_ONCE}`,
      [before, ingest, priorities, copyKinds],
    ),
  async openJobs() {
    const rows = await database.query<OpenJobs & { status: 'pending' | 'running' }>(
      `SELECT status, count(*) AS jobs, coalesce(sum(estimate_seconds), 0) AS "estimatedSeconds",
         count(estimate_seconds) AS "jobsWithEstimate",
         greatest(0, extract(epoch FROM now() - min(sent_at)))::float8 AS "oldestSeconds"
       FROM jobs WHERE ended_at IS NULL GROUP BY status`,
    );
    const of = (wanted: string) => rows.find(({ status }) => status === wanted) ?? noJobs;
    return { pending: of('pending'), running: of('running') };
  },
  async countByStatus() {
    const rows = await database.query<{ status: OrderStatus; count: number }>(
      'SELECT status, count(*) FROM orders GROUP BY status',
    );
    return new Map(rows.map(({ status, count }) => [status, count]));
  },
});

/** How long the oldest order waits that no worker has told of; 0 when none does. */
export async function oldestQueuedSeconds(database: Database): Promise<number> {
  const [oldest] = await database.query<{ seconds: number }>(
    `SELECT extract(epoch FROM now() - coalesce(retried_at, created_at))::double precision AS seconds
     FROM orders WHERE status = 'queued' ORDER BY id LIMIT 1`,
  );
  return Math.max(0, oldest?.seconds ?? 0);
}
