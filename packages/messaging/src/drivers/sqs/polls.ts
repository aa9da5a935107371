/** The longest that SQS lets a receive wait for messages. */
const LONG_WAIT_SECONDS = 20;
/** A queue that was found empty is left alone for so long while there is work in others. */
const LOOK_AGAIN_MS = 1000;
/** Waiting at one of several queues ends so soon, to look at the others. */
const SHORT_WAIT_SECONDS = 1;

export interface Watched {
  /** When it was last found empty, by `performance.now()`; `-Infinity` when it last had a message. */
  readonly emptyAt: number;
}

export interface Poll<Q> {
  readonly queue: Q;
  /** How long the broker waits for a message before it answers with none. */
  readonly waitSeconds: number;
}

/**
 * What to ask, one after the other until something is found, when `queues` are served by priority.
 * SQS waits at one queue only: at the middle one, where most work arrives. So a message for it is
 * taken at once by an idle consumer, one for another queue within a second. A flood in one queue
 * costs one further request a second for each queue before it, an idle consumer of three queues
 * makes three.
 */
export function pollsOf<Q extends Watched>(queues: readonly Q[], now: number): Poll<Q>[] {
  const middle = queues.at(queues.length >> 1) as Q;
  const due = queues.filter(({ emptyAt }) => now - emptyAt >= LOOK_AGAIN_MS);
  // Nothing would be asked between this look and the wait.
  if (due.at(-1) === middle) due.pop();
  const waitSeconds = queues.length === 1 ? LONG_WAIT_SECONDS : SHORT_WAIT_SECONDS;
  return [...due.map((queue) => ({ queue, waitSeconds: 0 })), { queue: middle, waitSeconds }];
}
