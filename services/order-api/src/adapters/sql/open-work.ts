import {
  copyKinds,
  INGEST_JOBS,
  type OrderStatus,
  type Priority,
  queueOfJob,
} from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { OrderStore } from '../../app/ports.ts';
import type { OpenJobs } from '../../domain/backlog.ts';

/** Bounds what one look of the reconciler takes on. */
const MOST_AT_ONCE = 1000;

/**
 * A worker that is at it tells every few seconds, and a minute may pass until that is written; the rest is the
 * lease of one that died: so long its job still belongs to it.
 */
const HEARD_OF = "interval '90 s'";

interface OpenJobsRow extends Omit<OpenJobs, 'queue'> {
  /** Null of copies. */
  readonly priority: Priority | null;
}

/**
 * By estimate (to a factor of two; those without one by themselves, since `greatest` takes null for the least) and by age
 * (to ten seconds, all beyond ten minutes together). A job that has told how far it is takes what that says, whatever was
 * thought before.
 */
const OPEN_JOBS = `
  WITH open AS (
    SELECT CASE WHEN kind = ANY ($1::text[]) THEN NULL ELSE coalesce(priority, 'normal') END AS priority,
      status = 'running' AND coalesce(heard_at, sent_at) > now() - ${HEARD_OF} AS running,
      progress, attempts, estimate_seconds, sent_at, heard_at
    FROM jobs WHERE ended_at IS NULL
  ), begun AS (
    SELECT *, (attempts->-1->>'startedAt')::timestamptz AS began FROM open WHERE running
  ), timed AS (
    SELECT priority, running, estimate_seconds AS estimate,
      greatest(0, date_part('epoch', now() - sent_at)) AS seconds
    FROM open WHERE NOT running
    UNION ALL
    SELECT priority, running,
      CASE WHEN progress > 0.05 THEN greatest(0, date_part('epoch', heard_at - began)) / progress
        ELSE estimate_seconds END,
      greatest(0, date_part('epoch', now() - began))
    FROM begun
  )
  SELECT priority, running, count(*) AS jobs, avg(estimate) AS "estimateSeconds",
    avg(seconds) AS seconds, max(seconds) AS "oldestSeconds"
  FROM timed
  GROUP BY priority, running, estimate IS NULL, floor(ln(greatest(estimate, 0.25)) / ln(2::float8)),
    floor(least(seconds, 600) / 10)`;

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
    const rows = await database.query<OpenJobsRow>(OPEN_JOBS, [copyKinds]);
    return rows.map(({ priority, ...group }) => ({
      ...group,
      queue: priority === null ? INGEST_JOBS : queueOfJob('prepare', priority),
    }));
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
