import { type Backoff, backoffSeconds } from '@spillway/runtime';
import type { Delivery } from '../port.ts';
import { GiveBack, Permanent, RetryAfter } from './verdicts.ts';

/** What became of a delivery; the label of the services' metrics. */
export type Outcome = 'done' | 'retried' | 'given_back' | 'dead_lettered';

export interface Answer {
  readonly outcome: Outcome;
  /** Why it is not done; null when it is. */
  readonly reason: string | null;
  give(delivery: Delivery): Promise<void>;
}

/**
 * The newer service that sent it is being rolled out, so a consumer that reads it comes soon. Where
 * giving back does count (ordered queues of SQS), the pauses grow, and the budget lasts for hours.
 */
const NEWER_VERSION = { firstSeconds: 30, maxSeconds: 900 };

export const done: Answer = { outcome: 'done', reason: null, give: (delivery) => delivery.ack() };

export const tooNew = (attempt: number): Answer =>
  givenBack(
    backoffSeconds(NEWER_VERSION, attempt),
    'The message has a newer schemaVersion than this service reads',
  );

export function givenBack(delaySeconds: number, reason: string): Answer {
  return {
    outcome: 'given_back',
    reason,
    give: (delivery) => delivery.postpone(delaySeconds),
  };
}

export function deadLettered(reason: string): Answer {
  return {
    outcome: 'dead_lettered',
    reason,
    give: (delivery) => delivery.deadLetter(reason),
  };
}

function retried(delaySeconds: number, reason: string): Answer {
  return { outcome: 'retried', reason, give: (delivery) => delivery.retry(delaySeconds) };
}

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  readonly backoff: Backoff;
}

/** The one place that decides what a handler's error means (law 6). */
export function afterError(
  error: unknown,
  attempt: number,
  { maxAttempts, backoff }: RetryPolicy,
): Answer {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof GiveBack) return givenBack(error.delaySeconds, reason);
  if (error instanceof Permanent) return deadLettered(reason);
  if (attempt >= maxAttempts) return deadLettered(`Failed ${attempt} times, at last: ${reason}`);
  const delay = error instanceof RetryAfter ? error.delaySeconds : backoffSeconds(backoff, attempt);
  return retried(delay, reason);
}
