import type { PlaybackAccess } from '@spillway/contracts';
import { LRUCache } from 'lru-cache';

export interface PlaybackAccessStore {
  /** Null when there is no such order. */
  playbackAccess(orderId: string): Promise<PlaybackAccess | null>;
}

/** Some megabytes. */
const MOST_REMEMBERED = 50_000;

/**
 * Who may play an order. It never changes, so it is read once: players ask for segments by the second, and
 * those of one order read no database after the first.
 */
export function playbackAccess(
  store: PlaybackAccessStore,
): (orderId: string) => Promise<PlaybackAccess | null> {
  const known = new LRUCache<string, PlaybackAccess>({ max: MOST_REMEMBERED });
  return async (orderId) => {
    const access = known.get(orderId) ?? (await store.playbackAccess(orderId));
    if (access !== null) known.set(orderId, access);
    return access;
  };
}
