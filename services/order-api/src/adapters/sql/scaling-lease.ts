import type { Database } from '@spillway/database';
import type { AskForScalingLease } from '../../app/ports.ts';

/** By the database's clock alone: those of who ask may differ. */
export const sqlScalingLease =
  (database: Database): AskForScalingLease =>
  async ({ holder, seconds }) => {
    const [lease] = await database.query<{ holder: string; expiresAt: Date }>(
      `INSERT INTO leases AS held (name, holder, expires_at)
       VALUES ('scaling', $1, now() + $2 * interval '1 second')
       ON CONFLICT (name) DO UPDATE SET
         holder = CASE WHEN held.expires_at <= now() THEN excluded.holder ELSE held.holder END,
         expires_at = CASE WHEN held.expires_at <= now() OR held.holder = excluded.holder
           THEN excluded.expires_at ELSE held.expires_at END
       RETURNING holder, expires_at AS "expiresAt"`,
      [holder, seconds],
    );
    if (!lease) throw new Error('The statement above always answers with a row');
    return { holder: lease.holder, expiresAt: lease.expiresAt.toISOString() };
  };
