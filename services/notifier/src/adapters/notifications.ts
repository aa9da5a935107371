import { NOTIFICATIONS, Notification, PublishedEvent, queueSpec } from '@spillway/contracts';
import {
  type Consumer,
  consume,
  GiveBack,
  type Handled,
  type HandlingContext,
  type Messaging,
  Permanent,
  RetryAfter,
} from '@spillway/messaging';
import { backoffSeconds, type Logger } from '@spillway/runtime';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { type NotifyParts, notify } from '../app/notify.ts';
import { nameOf, notificationOf } from '../domain/webhook.ts';

/** For errors of our own; a receiver's failures follow the schedule. */
const BACKOFF = { firstSeconds: 5, maxSeconds: 600 };
/** While a receiver has enough others. */
const BUSY = { firstSeconds: 1, maxSeconds: 60 };

const Message = z.union([Notification, PublishedEvent.transform(notificationOf)]);

export interface NotificationsParts extends NotifyParts {
  readonly messaging: Messaging;
  /** Receivers spoken to at once. */
  readonly slots: number;
  readonly log: Logger;
  readonly onEnd: (handled: Handled) => void;
}

/** Consumes the queue of notifications; those of one order and receiver come one after the other. */
export function consumeNotifications(parts: NotificationsParts): Consumer {
  const { messaging, slots, log, onEnd } = parts;
  const { leaseSeconds, maxDeliveries } = queueSpec(NOTIFICATIONS);
  // Brokers count such a delivery, but it was no try. Forgotten, it only makes a pause longer.
  const timesBusy = new LRUCache<string, number>({ max: 100_000 });
  return consume(messaging, {
    queues: [NOTIFICATIONS],
    schema: Message,
    newestVersion: 2,
    concurrency: slots,
    leaseSeconds,
    maxAttempts: maxDeliveries,
    backoff: BACKOFF,
    log,
    onEnd,
    handle: async (notification, context) => {
      if (notification) await handle(notification, context, timesBusy, parts);
    },
  });
}

async function handle(
  notification: Notification,
  { attempt: deliveries, signal, log: messageLog }: HandlingContext,
  timesBusy: LRUCache<string, number>,
  parts: NotifyParts,
): Promise<void> {
  const { orderId, id: eventId, endpoint, payload } = notification;
  const name = nameOf(notification);
  const busy = timesBusy.get(name) ?? 0;
  const attempt = Math.max(1, deliveries - busy);
  const verdict = await notify(notification, { attempt, signal }, parts);
  const bound = { orderId, eventId, type: payload.type, endpointId: endpoint?.id, attempt };
  switch (verdict.kind) {
    case 'busy':
      timesBusy.set(name, busy + 1);
      throw new GiveBack(backoffSeconds(BUSY, busy + 1), `${eventId}: its receiver is busy`);
    case 'retry':
      throw new RetryAfter(verdict.delaySeconds, `${eventId}: ${verdict.reason}`);
    case 'delivered':
      messageLog.info({ ...bound, status: verdict.status }, 'webhook received');
      break;
    case 'failed':
      // An endpoint's owner sees it among the deliveries, and can ask for it again.
      if (!endpoint) throw new Permanent(`${eventId}: ${verdict.reason}`);
      messageLog.warn({ ...bound, reason: verdict.reason }, 'webhook not received');
  }
  timesBusy.delete(name);
}
