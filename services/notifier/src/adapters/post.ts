import { type Egress, EgressRefused, EgressUnreachable } from '@spillway/runtime';
import { Webhook } from 'standardwebhooks';
import type { PostResult, PostWebhook } from '../app/ports.ts';

/** From the first byte to the last of the answer. */
const TIMEOUT_MS = 15_000;
/** A certificate may name hundreds of hosts, and the error of a wrong one quotes them all. */
const MOST_REASON_CHARACTERS = 500;

/** Posts webhooks signed by Standard Webhooks, without following redirects. */
export function webhookPoster(egress: Egress): PostWebhook {
  return async ({ url, id, body, secrets }, signal) => {
    const now = new Date();
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await egress.fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Spillway',
          'webhook-id': id,
          // Of this try, not of the event: receivers refuse old ones, as replays.
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': secrets
            .map((secret) => new Webhook(secret).sign(id, now, body))
            .join(' '),
        },
        body,
        maxRedirects: 0,
        signal: AbortSignal.any([signal, timeout]),
      });
      // The status says it all; a body that breaks off changes nothing.
      await answer.discard().catch(() => {});
      return { kind: 'answered', status: answer.status, retryAfter: answer.headers['retry-after'] };
    } catch (error) {
      signal.throwIfAborted();
      return failure(error, timeout.aborted);
    }
  };
}

function failure(error: unknown, timedOut: boolean): PostResult {
  if (error instanceof EgressRefused) return { kind: 'refused', reason: error.message };
  if (timedOut) {
    return { kind: 'unreachable', reason: `No answer within ${TIMEOUT_MS / 1000} s` };
  }
  if (error instanceof EgressUnreachable) {
    return { kind: 'unreachable', reason: error.message.slice(0, MOST_REASON_CHARACTERS) };
  }
  throw error;
}
