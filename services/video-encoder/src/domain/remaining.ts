/** Where a job stands, as far as anybody knows. */
export interface Standing {
  readonly elapsedSeconds: number;
  /** Done of the whole, 0..1; 0 before anything was heard. */
  readonly fraction: number;
  /** What the whole was thought to take; null before anything is known. */
  readonly expectedSeconds: number | null;
}

/** Below this a job's own pace says nothing yet. */
const TELLING_FRACTION = 0.02;

/** Seconds until the job is done, by its own pace once it has one; null when nobody can tell. */
export function remainingSeconds({
  elapsedSeconds,
  fraction,
  expectedSeconds,
}: Standing): number | null {
  if (fraction >= TELLING_FRACTION) return (elapsedSeconds * (1 - fraction)) / fraction;
  return expectedSeconds === null ? null : Math.max(0, expectedSeconds - elapsedSeconds);
}

/** Law 4: at a stop a job goes on when it will be done within the grace, else it is given back at once. */
export function mayFinish(standing: Standing, graceSeconds: number): boolean {
  const remaining = remainingSeconds(standing);
  return remaining !== null && remaining <= graceSeconds;
}
