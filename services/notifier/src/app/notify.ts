import type { DeliveryResult, Notification } from '@spillway/contracts';
import type { Admission, Receivers } from '../domain/receivers.ts';
import { parseRetryAfter, secondsToNextTry } from '../domain/retry.ts';
import { receptionOf, webhookBody } from '../domain/webhook.ts';
import type { PostResult, PostWebhook, ReportDelivery } from './ports.ts';
import { secretsOf } from './signatures.ts';

export interface Try {
  /** How often the broker has delivered it, this time included. */
  readonly deliveries: number;
  /** The broker delivers it no more. */
  readonly isLast: boolean;
  readonly signal: AbortSignal;
}

/** What is to become of a notification after a try. */
export type Verdict =
  | { readonly kind: 'delivered'; readonly status: number }
  /** Its receiver has enough others now; this was no try. */
  | { readonly kind: 'busy'; readonly delaySeconds: number }
  | { readonly kind: 'retry'; readonly delaySeconds: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface NotifyParts {
  readonly post: PostWebhook;
  readonly report: ReportDelivery;
  readonly receivers: Receivers;
  /** What the secrets of receivers are made from. */
  readonly secret: string;
  /** Pauses between tries. */
  readonly scheduleSeconds: readonly number[];
}

/** Tells a receiver of an event, once. Throws what `report` throws: then it is told again (at least once). */
export async function notify(
  notification: Notification,
  one: Try,
  parts: NotifyParts,
): Promise<Verdict> {
  const { receivers, report } = parts;
  const startedAt = new Date();
  const attempt = Math.max(1, one.deliveries - receivers.timesBusy(notification));
  const admission = receivers.admit(notification, startedAt.getTime());
  if (admission.kind === 'busy' && !one.isLast) {
    return { kind: 'busy', delaySeconds: admission.seconds };
  }
  const judgement =
    admission.kind === 'admitted'
      ? judge(await post(notification, one, parts), new Date())
      : notAsked(admission);
  const tried = { attempt, isLast: one.isLast };
  const verdict = verdictOf(notification, judgement, tried, parts.scheduleSeconds);
  const result = resultOf(notification, judgement, verdict, startedAt);
  if (result) await report(result);
  return verdict;
}

async function post(
  notification: Notification,
  { signal }: Try,
  { post, receivers, secret }: NotifyParts,
): Promise<PostResult> {
  const { url, id } = notification;
  const request = { url, id, body: webhookBody(notification) };
  let received: boolean | null = null;
  const startedAt = performance.now();
  try {
    const result = await post({ ...request, secrets: secretsOf(notification, secret) }, signal);
    received = result.kind === 'answered' && receptionOf(result.status) === 'received';
    return result;
  } finally {
    const seconds = (performance.now() - startedAt) / 1000;
    receivers.ended(notification, { received, seconds }, Date.now());
  }
}

/** What a try says. */
interface Judgement {
  readonly status: number | null;
  /** Null: received. */
  readonly error: string | null;
  /** `never`: a further try can change nothing. */
  readonly again: 'never' | 'by_schedule';
  readonly leastPauseSeconds: number;
  /** The receiver wants no more. */
  readonly gone: boolean;
}

const failed: Omit<Judgement, 'error'> = {
  status: null,
  again: 'by_schedule',
  leastPauseSeconds: 0,
  gone: false,
};

const notAsked = ({ kind, seconds }: Exclude<Admission, { kind: 'admitted' }>): Judgement => ({
  ...failed,
  error: {
    resting: 'Not asked: it failed again and again, and is left alone for a while',
    busy: 'Not asked: it was busy with others again and again',
  }[kind],
  leastPauseSeconds: seconds,
});

function judge(result: PostResult, now: Date): Judgement {
  if (result.kind === 'refused') return { ...failed, error: result.reason, again: 'never' };
  if (result.kind === 'unreachable') return { ...failed, error: result.reason };
  const { status, retryAfter } = result;
  const answered = { ...failed, status, error: `The receiver answered ${status}` };
  switch (receptionOf(status)) {
    case 'received':
      return { ...answered, error: null };
    case 'gone':
      return {
        ...answered,
        error: `${answered.error}: it wants no more webhooks`,
        again: 'never',
        gone: true,
      };
    case 'busy':
      return { ...answered, leastPauseSeconds: parseRetryAfter(retryAfter, now) ?? 0 };
    case 'failed':
      return answered;
  }
}

function verdictOf(
  { since, once }: Notification,
  { error, status, again, leastPauseSeconds }: Judgement,
  { attempt, isLast }: { readonly attempt: number; readonly isLast: boolean },
  scheduleSeconds: readonly number[],
): Verdict {
  if (error === null) return { kind: 'delivered', status: status ?? 0 };
  if (again === 'never' || once || isLast) return { kind: 'failed', reason: error };
  const tried = { attempt, since: new Date(since), now: new Date() };
  const delaySeconds = secondsToNextTry(
    { ...tried, retryAfterSeconds: leastPauseSeconds },
    scheduleSeconds,
  );
  if (delaySeconds !== null) return { kind: 'retry', delaySeconds, reason: error };
  return { kind: 'failed', reason: `Not received within 24 h, at last: ${error}` };
}

/** Null for a receiver that an order names: nobody keeps what becomes of it. */
function resultOf(
  { endpoint, url }: Notification,
  { status, error, gone }: Judgement,
  verdict: Verdict,
  startedAt: Date,
): DeliveryResult | null {
  if (!endpoint) return null;
  const now = Date.now();
  const nextTryAt =
    verdict.kind === 'retry' ? new Date(now + verdict.delaySeconds * 1000).toISOString() : null;
  return {
    schemaVersion: 1,
    deliveryId: endpoint.deliveryId,
    endpointId: endpoint.id,
    url,
    attempt: {
      at: startedAt.toISOString(),
      status,
      error,
      durationMs: now - startedAt.getTime(),
    },
    status: verdict.kind === 'delivered' || verdict.kind === 'failed' ? verdict.kind : 'pending',
    nextTryAt,
    gone,
  };
}
