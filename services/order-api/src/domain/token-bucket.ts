/** What a customer may still do at once; refilled all the time. */
export interface Bucket {
  readonly tokens: number;
  /** Milliseconds of any clock that does not go back. */
  readonly at: number;
}

const BURST_SECONDS = 2;

export interface Taken {
  readonly bucket: Bucket;
  /** 0: a token was taken. Else none was, and there will be one after so long. */
  readonly waitSeconds: number;
}

/** Takes one of `perSecond` tokens a second, of which as many as come in two seconds wait; null: a full bucket. */
export function takeToken(before: Bucket | null, perSecond: number, now: number): Taken {
  const capacity = Math.max(1, perSecond * BURST_SECONDS);
  const refill = before === null ? capacity : (Math.max(0, now - before.at) / 1000) * perSecond;
  const tokens = Math.min(capacity, (before?.tokens ?? 0) + refill);
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, at: now }, waitSeconds: 0 };
  return { bucket: { tokens, at: now }, waitSeconds: (1 - tokens) / perSecond };
}
