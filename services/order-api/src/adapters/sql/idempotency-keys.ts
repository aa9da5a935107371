import type { Order } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { KeyClaim, KeyState, OrderStore } from '../../app/ports.ts';

/** A claim this old is of a process that died in the middle. */
const STALE_CLAIM_SECONDS = 60;

async function claimKey(database: Database, claim: KeyClaim, bodyHash: string): Promise<KeyState> {
  const { customerId, key } = claim;
  const claimed = await database.query(
    `INSERT INTO idempotency_keys AS held (customer_id, key, body_hash, claim, claimed_at)
     VALUES ($1, $2, $3, $4, now())
     ON CONFLICT (customer_id, key) DO UPDATE
       SET body_hash = excluded.body_hash, claim = excluded.claim, claimed_at = now()
       WHERE held.response IS NULL
         AND held.claimed_at < now() - make_interval(secs => ${STALE_CLAIM_SECONDS})
     RETURNING 1`,
    [customerId, key, bodyHash, claim.claim],
  );
  if (claimed.length > 0) return { kind: 'claimed', claim };
  const [held] = await database.query<{ body_hash: string; response: Order | null }>(
    'SELECT body_hash, response FROM idempotency_keys WHERE customer_id = $1 AND key = $2',
    [customerId, key],
  );
  // Given up between the two statements: for the client it is as if it were still at work.
  if (!held) return { kind: 'in_progress' };
  if (held.body_hash !== bodyHash) return { kind: 'other_body' };
  return held.response ? { kind: 'answered', response: held.response } : { kind: 'in_progress' };
}

/** Idempotency keys: claimed by one request at a time, kept with its answer. */
export const sqlIdempotencyKeys = (
  database: Database,
): Pick<OrderStore, 'claimKey' | 'releaseKey' | 'forgetKeysBefore'> => ({
  claimKey: (claim, bodyHash) => claimKey(database, claim, bodyHash),
  async releaseKey({ customerId, key, claim }) {
    await database.query(
      `DELETE FROM idempotency_keys
       WHERE customer_id = $1 AND key = $2 AND claim = $3 AND response IS NULL`,
      [customerId, key, claim],
    );
  },
  async forgetKeysBefore(before) {
    await database.query('DELETE FROM idempotency_keys WHERE claimed_at < $1', [before]);
  },
});
