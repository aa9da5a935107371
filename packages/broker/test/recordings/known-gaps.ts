import type { ServiceName } from './wire.ts';

/**
 * Recorded scenarios in which our broker answers otherwise than AWS, by name, each with the reason. A gap
 * that has a scenario fails the suite as soon as it passes: strike it from here then.
 */
export const knownGaps: Record<ServiceName, Record<string, string>> = {
  sqs: {},
  sns: {},
};
