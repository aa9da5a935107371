const FIRST_SECONDS = 2;
const EVERY_SECONDS = 5;

/**
 * Whether to tell the coordinator now. A job that ends within its first seconds tells nothing, so that
 * a flood of short ones costs no messages.
 */
export const isProgressDue = (elapsedSeconds: number, lastToldSeconds: number | null): boolean =>
  lastToldSeconds === null
    ? elapsedSeconds >= FIRST_SECONDS
    : elapsedSeconds - lastToldSeconds >= EVERY_SECONDS;
