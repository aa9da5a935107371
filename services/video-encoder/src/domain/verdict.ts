import type { JobError } from '@spillway/contracts';

/**
 * What becomes of a job whose attempt failed (law 6).
 * - `fail`: the order ends now; the job is done with.
 * - `retry`: later again, by its retry budget.
 * - `bury`: the budget is used up; the order ends, and the job goes to the dead-letter queue.
 * - `wait`: nothing is wrong with the job; it comes back without using its budget.
 */
export type Verdict = 'fail' | 'retry' | 'bury' | 'wait';

/**
 * How long a job waits for a full disk or a lost object store before that counts as its own failure:
 * an output that never fits must not be encoded for ever. An order times out after a day by default.
 */
const STORAGE_PATIENCE_SECONDS = 24 * 3600;

export function judge(
  error: JobError,
  { lastAttempt, ageSeconds }: { lastAttempt: boolean; ageSeconds: number },
): Verdict {
  if (!error.retryable) return 'fail';
  if (error.code === 'storage_unavailable' && ageSeconds < STORAGE_PATIENCE_SECONDS) return 'wait';
  return lastAttempt ? 'bury' : 'retry';
}

/** When a job that waits looks again: soon at first, later every other minute. */
export const waitSeconds = (ageSeconds: number): number =>
  Math.min(120, Math.max(5, ageSeconds / 4));
