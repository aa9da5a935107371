import type { Database } from '@spillway/database';
import type { EstimateStore } from '../../app/ports.ts';

/** Learned estimates in the database. */
export const sqlEstimates = (database: Database): EstimateStore => ({
  async readEstimates() {
    const rows = await database.query<{ key: string; seconds: number }>(
      'SELECT key, seconds_per_unit AS seconds FROM work_estimates',
    );
    return new Map(rows.map(({ key, seconds }) => [key, seconds]));
  },
  async saveEstimates(estimates) {
    await database.query(
      `INSERT INTO work_estimates (key, seconds_per_unit, updated_at)
       SELECT key, seconds, now() FROM unnest($1::text[], $2::float8[]) AS new (key, seconds)
       ON CONFLICT (key) DO UPDATE
         SET seconds_per_unit = excluded.seconds_per_unit, updated_at = excluded.updated_at`,
      [[...estimates.keys()], [...estimates.values()]],
      // Lost with the machine, it is only learned again.
      { durable: false },
    );
  },
});
