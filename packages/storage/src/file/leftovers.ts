import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * No write pauses this long: every body has a time-out far below. A younger file may belong to
 * another process on the same folder.
 */
const LEFTOVER_SECONDS = 6 * 3600;

/** Removes what a crash left of objects that never became whole. */
export async function removeLeftovers(incoming: string): Promise<void> {
  const oldest = Date.now() - LEFTOVER_SECONDS * 1000;
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    // Another process may clean at the same time.
    const stats = await stat(path).catch(() => null);
    if (stats && stats.mtimeMs < oldest) await rm(path, { force: true });
  }
}
