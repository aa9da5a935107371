export interface Backoff {
  readonly firstSeconds: number;
  readonly maxSeconds: number;
}

/**
 * Seconds to wait before the try after `attempt` (from 1): doubles up to a ceiling, with up to a
 * quarter taken off at random so that what failed together does not come back together.
 */
export function backoffSeconds(
  { firstSeconds, maxSeconds }: Backoff,
  attempt: number,
  random: () => number = Math.random,
): number {
  const whole = Math.min(maxSeconds, firstSeconds * 2 ** Math.min(attempt - 1, 40));
  return whole * (1 - random() / 4);
}
