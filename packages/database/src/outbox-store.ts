import type { OutboxMessage } from './outbox.ts';
import type { Database, Lock } from './port.ts';

export type StoredMessage = OutboxMessage & { readonly id: number };

/** What the relay does not send now. */
export interface Take {
  /** Ids that the broker has: removed. */
  readonly sent: readonly number[];
  /** Destinations that are left alone. */
  readonly away: readonly string[];
  readonly limit: number;
}

/** The outbox as its relay needs it; a port, so that the relay runs in simulations too. */
export interface OutboxStore {
  /** Null when another relay works. */
  tryLock(): Promise<Lock | null>;
  /** Removes what was sent and reads what is next, by id, in one go; the removal may be lost in a crash. */
  take(take: Take): Promise<StoredMessage[]>;
  /** Keeps the message, with the reason, and never gives it again. */
  setAside(id: number, reason: string): Promise<void>;
}

/** The table `outbox`. */
export function sqlOutbox(database: Database): OutboxStore {
  // Whoever leads takes messages by its lock alone, so that never two take the same.
  let leader: Pick<Database, 'query'> = database;
  return {
    async tryLock() {
      const lock = await database.tryLock('outbox-relay');
      leader = lock ?? database;
      return lock;
    },
    take: ({ sent, away, limit }) =>
      leader.query<StoredMessage>(
        `WITH removed AS (DELETE FROM outbox WHERE id = ANY ($1::bigint[]))
         SELECT id, destination, body, attributes, message_group AS "group",
           deduplication_id AS "deduplicationId"
         FROM outbox
         WHERE id <> ALL ($1::bigint[]) AND rejected IS NULL AND destination <> ALL ($2::text[])
         ORDER BY id LIMIT $3`,
        [sent, away, limit],
        // Lost with the machine, it is only sent again.
        { durable: false },
      ),
    async setAside(id, reason) {
      await database.query('UPDATE outbox SET rejected = $2 WHERE id = $1', [id, reason]);
    },
  };
}
