const FIRST_SECONDS = 2;
const EVERY_SECONDS = 5;
const SEGMENTS_EVERY_SECONDS = 1;

/** What the coordinator was told of an attempt, and when, from its beginning. */
export interface Told {
  readonly seconds: number;
  /** Of the sound: those that can be played; null of other jobs. */
  readonly segments: number | null;
}

/**
 * Whether to tell the coordinator now. A job that ends within its first seconds tells nothing, so that
 * a flood of short ones costs no messages. But viewers of an order in the making wait for its sound: the
 * first segments of it are told at once, and those of every further second.
 */
export function isProgressDue(now: Told, last: Told | null): boolean {
  const told = last?.segments ?? 0;
  if ((now.segments ?? 0) > told) {
    return last === null || told === 0 || now.seconds - last.seconds >= SEGMENTS_EVERY_SECONDS;
  }
  return last === null ? now.seconds >= FIRST_SECONDS : now.seconds - last.seconds >= EVERY_SECONDS;
}
