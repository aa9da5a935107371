import type { PlaybackAccess } from '@spillway/contracts';
import type { Database } from '@spillway/database';

/** Who may play an order; null when there is no such order. */
export const sqlPlaybackAccess =
  (database: Database) =>
  async (orderId: string): Promise<PlaybackAccess | null> => {
    const rows = await database.query<{ access: PlaybackAccess | null }>(
      `SELECT request->>'playback' AS access FROM orders WHERE id = $1`,
      [orderId],
    );
    // An older program's orders do not say: they are public (law 9).
    return rows[0] ? (rows[0].access ?? 'public') : null;
  };
