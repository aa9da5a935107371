import { setTimeout as wait } from 'node:timers/promises';
import { JOB_RESULTS } from '@spillway/contracts';
import { jsonMessage, type Messaging, MessagingError } from '@spillway/messaging';
import { backoffSeconds } from '@spillway/runtime';
import type { SendResult } from '../app/ports.ts';

/** About a minute in all: an encode is not thrown away because the broker starts anew. */
const TRIES = 8;
const BACKOFF = { firstSeconds: 0.5, maxSeconds: 15 };

/** Puts results on the queue `job-results`. Progress is tried once: the next one says more. */
export const resultSender =
  (messaging: Messaging): SendResult =>
  async (result, { traceparent, signal }) => {
    const message = jsonMessage(result, { traceparent });
    const tries = result.status === 'progress' ? 1 : TRIES;
    for (let attempt = 1; ; attempt++) {
      try {
        return await messaging.send(JOB_RESULTS, [message]);
      } catch (error) {
        const passing = error instanceof MessagingError && error.code !== 'rejected';
        if (!passing || attempt >= tries || signal.aborted) throw error;
        await wait(backoffSeconds(BACKOFF, attempt) * 1000, undefined, { signal });
      }
    }
  };
