import type { Stored } from './stored.ts';

/**
 * Seconds that messages stay in a parking queue. A queue lets go of its messages from the front only, so
 * that each has one time for all. A delay is the sum of several stays: 900 s are three of 256, two of
 * 64 and one of 4; between them the message passes its own queue, whose consumer parks it again.
 */
export const STAYS = [16_384, 4_096, 1_024, 256, 64, 16, 4, 1] as const;

export const parkingQueueOf = (queue: string, staySeconds: number): string =>
  `${queue}.delayed-${staySeconds}s`;

/** Where a message for `queue` goes that is to be delivered after its delay, and what it is then. */
export function routeOf(queue: string, stored: Stored): { routingKey: string; stored: Stored } {
  const stay = STAYS.find((seconds) => seconds <= stored.delaySeconds);
  if (stay === undefined) return { routingKey: queue, stored };
  const delaySeconds = stored.delaySeconds - stay;
  return { routingKey: parkingQueueOf(queue, stay), stored: { ...stored, delaySeconds } };
}
