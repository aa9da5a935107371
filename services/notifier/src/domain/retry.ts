/** The receiver gets a day to come back; then the event is put aside. */
const GIVE_UP_AFTER_SECONDS = 24 * 3600;
/** As long as brokers can hide a message. */
const MOST_DELAY_SECONDS = 12 * 3600;

export interface FailedTry {
  /** From 1, at most. */
  readonly attempt: number;
  /** When it was to be told first. */
  readonly since: Date;
  readonly now: Date;
  /** What the receiver asked for, where it did. */
  readonly retryAfterSeconds: number | null;
}

/**
 * Tries for which there was time by the schedule. The broker may have delivered it more often: also when its
 * receiver was busy, and of that each process knows its own part only.
 */
function triesInTime(elapsedSeconds: number, scheduleSeconds: readonly number[]): number {
  let at = 0;
  return (
    scheduleSeconds.filter((pause) => {
      at += pause;
      return at <= elapsedSeconds;
    }).length + 1
  );
}

/**
 * Seconds until the next try, or null when there is none: the pauses of `scheduleSeconds`, the last
 * one again and again, until 24 h after `since`; the very last try comes at that moment. Up to a
 * tenth is added at random, so that what failed together does not come back together. A receiver
 * that asks for more time gets it.
 */
export function secondsToNextTry(
  { attempt, since, now, retryAfterSeconds }: FailedTry,
  scheduleSeconds: readonly number[],
  random: () => number = Math.random,
): number | null {
  const elapsed = (now.getTime() - since.getTime()) / 1000;
  const left = GIVE_UP_AFTER_SECONDS - elapsed;
  if (left <= 0) return null;
  const tries = Math.min(attempt, triesInTime(elapsed, scheduleSeconds));
  const pause = scheduleSeconds[tries - 1] ?? scheduleSeconds.at(-1) ?? 0;
  const wanted = Math.max(pause * (1 + random() / 10), retryAfterSeconds ?? 0);
  return Math.min(wanted, left, MOST_DELAY_SECONDS);
}

/** Seconds that a Retry-After header asks for (RFC 9110: seconds, or a date); null when it says nothing. */
export function parseRetryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const until = Date.parse(header);
  return Number.isNaN(until) ? null : Math.max(0, (until - now.getTime()) / 1000);
}
