import { NOTIFICATIONS, Notification, PublishedEvent, queueSpec } from '@spillway/contracts';
import {
  type Consumer,
  consume,
  GiveBack,
  type HandlingContext,
  type Messaging,
  Permanent,
  RetryAfter,
} from '@spillway/messaging';
import { inSpan, type Logger } from '@spillway/runtime';
import * as z from 'zod';
import { type NotifyParts, notify, type Try, type Verdict } from '../app/notify.ts';
import { notificationOf } from '../domain/webhook.ts';

/** For errors of our own; a receiver's failures follow the schedule. */
const BACKOFF = { firstSeconds: 5, maxSeconds: 600 };

const Message = z.discriminatedUnion('schemaVersion', [
  Notification,
  PublishedEvent.transform(notificationOf),
]);

export interface NotificationsParts extends NotifyParts {
  readonly messaging: Messaging;
  /** Receivers spoken to at once. */
  readonly slots: number;
  readonly log: Logger;
  /** A try, or that there was none, and the seconds it took. */
  readonly onVerdict: (verdict: Verdict, seconds: number) => void;
}

/** Consumes the queue of notifications; those of one order and receiver come one after the other. */
export function consumeNotifications(parts: NotificationsParts): Consumer {
  const { messaging, slots, log } = parts;
  const { leaseSeconds, maxDeliveries } = queueSpec(NOTIFICATIONS);
  return consume(messaging, {
    queues: [NOTIFICATIONS],
    schema: Message,
    newestVersion: 2,
    concurrency: slots,
    leaseSeconds,
    maxAttempts: maxDeliveries,
    backoff: BACKOFF,
    log,
    handle: async (notification, context) => {
      if (notification) await handle(notification, context, parts);
    },
  });
}

/** A span a try, which says how it ended. */
const traced = (
  notification: Notification,
  one: Try,
  parent: string,
  parts: NotificationsParts,
): Promise<Verdict> => {
  const { orderId, id, endpoint, payload } = notification;
  const attributes = {
    'spillway.order.id': orderId ?? undefined,
    'spillway.event.id': id,
    'spillway.event.type': payload.type,
    'spillway.webhook_endpoint.id': endpoint?.id,
  };
  return inSpan('tell receiver', { kind: 'client', parent, attributes }, async (span) => {
    const startedAt = performance.now();
    const verdict = await notify(notification, one, parts);
    parts.onVerdict(verdict, (performance.now() - startedAt) / 1000);
    span.set({ 'spillway.webhook.verdict': verdict.kind });
    return verdict;
  });
};

async function handle(
  notification: Notification,
  {
    attempt: deliveries,
    lastAttempt: isLast,
    signal,
    traceparent,
    log: messageLog,
  }: HandlingContext,
  parts: NotificationsParts,
): Promise<void> {
  const { orderId, id: eventId, endpoint, payload } = notification;
  const verdict = await traced(notification, { deliveries, isLast, signal }, traceparent, parts);
  const bound = { orderId, eventId, type: payload.type, endpointId: endpoint?.id };
  switch (verdict.kind) {
    case 'delivered':
      return messageLog.info({ ...bound, status: verdict.status }, 'webhook received');
    case 'busy':
      throw new GiveBack(verdict.delaySeconds, `${eventId}: its receiver is busy`);
    case 'retry':
      throw new RetryAfter(verdict.delaySeconds, `${eventId}: ${verdict.reason}`);
    case 'failed':
      // An endpoint's owner sees it among the deliveries, and can ask for it again.
      if (!endpoint) throw new Permanent(`${eventId}: ${verdict.reason}`);
      return messageLog.warn({ ...bound, reason: verdict.reason }, 'webhook not received');
  }
}
