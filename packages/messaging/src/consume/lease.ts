import type { Logger } from '@spillway/runtime';
import type { Delivery } from '../port.ts';

/**
 * Keeps a delivery's lease alive while `work` runs, by extending it every third of it: two renewals
 * may fail before another consumer gets the message. None is under way any more when it resolves: one
 * that arrived after the answer would undo the answer's delay.
 */
export async function holdingLease<T>(
  delivery: Delivery,
  leaseSeconds: number,
  log: Logger,
  work: () => Promise<T>,
): Promise<T> {
  let renewed = Promise.resolve();
  const renew = () => {
    renewed = renewed
      .then(() => delivery.extend(leaseSeconds))
      .catch((err: unknown) => log.warn({ err }, 'the lease could not be renewed'));
  };
  const timer = setInterval(renew, (leaseSeconds * 1000) / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await renewed;
  }
}
