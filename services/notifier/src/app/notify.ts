import type { PublishedEvent } from '@spillway/contracts';
import { parseRetryAfter, secondsToNextTry } from '../domain/retry.ts';
import { receptionOf, webhookBody, webhookOf } from '../domain/webhook.ts';
import type { PostResult, PostWebhook } from './ports.ts';

export interface Try {
  /** From 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** What is to become of an event after a try. */
export type Verdict =
  | { readonly kind: 'delivered'; readonly status: number }
  /** Its order did not ask for it. */
  | { readonly kind: 'skipped' }
  | { readonly kind: 'retry'; readonly delaySeconds: number; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string };

export interface NotifyParts {
  readonly post: PostWebhook;
  /** Pauses between tries. */
  readonly scheduleSeconds: readonly number[];
}

/** Tells a receiver of an event, once. */
export async function notify(
  event: PublishedEvent,
  { attempt, signal }: Try,
  { post, scheduleSeconds }: NotifyParts,
): Promise<Verdict> {
  const webhook = webhookOf(event);
  if (webhook === null) return { kind: 'skipped' };
  const request = { url: webhook.url, id: event.id, body: webhookBody(event) };
  const result = await post(request, signal);
  const now = new Date();
  const { verdict, retryAfterSeconds } = judge(result, now);
  if (verdict.kind !== 'failed') return verdict;

  const occurredAt = new Date(event.occurredAt);
  const delaySeconds = secondsToNextTry(
    { attempt, occurredAt, now, retryAfterSeconds },
    scheduleSeconds,
  );
  if (delaySeconds !== null) return { kind: 'retry', delaySeconds, reason: verdict.reason };
  return { kind: 'dead', reason: `Not received within 24 h, at last: ${verdict.reason}` };
}

type Judgement =
  | Extract<Verdict, { kind: 'delivered' | 'dead' }>
  | { readonly kind: 'failed'; readonly reason: string };

function judge(
  result: PostResult,
  now: Date,
): { verdict: Judgement; retryAfterSeconds: number | null } {
  const plain = (verdict: Judgement) => ({ verdict, retryAfterSeconds: null });
  if (result.kind === 'refused') return plain({ kind: 'dead', reason: result.reason });
  if (result.kind === 'unreachable') return plain({ kind: 'failed', reason: result.reason });
  const { status, retryAfter } = result;
  const reason = `The receiver answered ${status}`;
  switch (receptionOf(status)) {
    case 'received':
      return plain({ kind: 'delivered', status });
    case 'gone':
      return plain({ kind: 'dead', reason: `${reason}: it wants no more webhooks` });
    case 'busy':
      return {
        verdict: { kind: 'failed', reason },
        retryAfterSeconds: parseRetryAfter(retryAfter, now),
      };
    case 'failed':
      return plain({ kind: 'failed', reason });
  }
}
