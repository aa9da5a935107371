import type { BigIntStats } from 'node:fs';
import type { ObjectInfo } from '../port.ts';

/**
 * The etag is size, time of the last change and inode: free, while a hash would read every source
 * whole. Every put makes a new file, so a new content has another inode or another time.
 */
export const infoOf = (key: string, stats: BigIntStats): ObjectInfo => ({
  key,
  bytes: Number(stats.size),
  etag: [stats.size, stats.mtimeNs, stats.ino].map((part) => part.toString(36)).join('-'),
  modifiedAt: stats.mtime,
});
