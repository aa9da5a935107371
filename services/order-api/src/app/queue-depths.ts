import { type Backlog, topology } from '@spillway/contracts';
import type { Messaging } from '@spillway/messaging';

const CACHE_MS = 2_000;

export type QueueDepths = () => Promise<Backlog['queues']>;

/** Depth of every queue; asked of the broker at most every two seconds, however many ask us. */
export function queueDepths(messaging: Messaging): QueueDepths {
  let asked: Promise<Backlog['queues']> | null = null;
  let askedAt = 0;
  const ask = () =>
    Promise.all(
      topology.queues.map(async ({ name }) => ({ name, ...(await messaging.depth(name)) })),
    );
  return () => {
    if (!asked || Date.now() - askedAt > CACHE_MS) {
      askedAt = Date.now();
      asked = ask();
      asked.catch(() => {
        asked = null;
      });
    }
    return asked;
  };
}
