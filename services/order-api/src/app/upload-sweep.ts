import type { Logger } from '@spillway/runtime';
import { UploadBusy } from './upload-leases.ts';
import type { UploadStore } from './upload-ports.ts';
import type { Uploads } from './uploads.ts';

/** An order that was being accepted when the upload expired has been written by then. */
const GRACE_MS = 10 * 60 * 1000;
const AT_ONCE = 200;

export interface UploadSweepParts {
  readonly store: Pick<UploadStore, 'expired'>;
  readonly uploads: Pick<Uploads, 'remove'>;
  readonly log: Logger;
}

export interface SweepOfUploads {
  readonly now: number;
  readonly orderEndedBefore: Date;
  /** Only count them. */
  readonly dryRun?: boolean;
}

/**
 * Removes uploads that have expired and that no order can need any more: one stays while an order that names
 * it has not ended, and while one that did not complete may be retried, which is until it is deleted or
 * has ended before `orderEndedBefore`. Answers how many; a bounded part at a time.
 */
export async function sweepUploads(
  { store, uploads, log }: UploadSweepParts,
  { now, orderEndedBefore, dryRun = false }: SweepOfUploads,
): Promise<number> {
  const expiredBefore = new Date(now - GRACE_MS);
  const ids = await store.expired({ expiredBefore, orderEndedBefore, limit: AT_ONCE });
  if (dryRun) return ids.length;
  let removed = 0;
  for (const id of ids) {
    try {
      if ((await uploads.remove(id)) !== 'removed') continue;
      removed += 1;
      log.info({ uploadId: id }, 'upload expired');
    } catch (err) {
      if (!(err instanceof UploadBusy)) throw err;
    }
  }
  return removed;
}
