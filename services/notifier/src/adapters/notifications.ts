import { NOTIFICATIONS, PublishedEvent, queueSpec } from '@spillway/contracts';
import {
  type Consumer,
  consume,
  type Handled,
  type HandlingContext,
  type Messaging,
  Permanent,
  RetryAfter,
} from '@spillway/messaging';
import type { Logger } from '@spillway/runtime';
import { type NotifyParts, notify } from '../app/notify.ts';

/** For errors of our own; a receiver's failures follow the schedule. */
const BACKOFF = { firstSeconds: 5, maxSeconds: 600 };

export interface NotificationsParts extends NotifyParts {
  readonly messaging: Messaging;
  /** Receivers spoken to at once. */
  readonly slots: number;
  readonly log: Logger;
  readonly onEnd: (handled: Handled) => void;
}

/** Consumes the queue of events; one order's come one after the other. */
export function consumeNotifications(parts: NotificationsParts): Consumer {
  const { messaging, slots, log, onEnd } = parts;
  const { leaseSeconds, maxDeliveries } = queueSpec(NOTIFICATIONS);
  return consume(messaging, {
    queues: [NOTIFICATIONS],
    schema: PublishedEvent,
    concurrency: slots,
    leaseSeconds,
    maxAttempts: maxDeliveries,
    backoff: BACKOFF,
    log,
    onEnd,
    handle: (event, context) => handle(event, context, parts),
  });
}

async function handle(
  event: PublishedEvent,
  { attempt, signal, log: messageLog }: HandlingContext,
  parts: NotifyParts,
): Promise<void> {
  const { orderId, id: eventId, type } = event;
  const verdict = await notify(event, { attempt, signal }, parts);
  switch (verdict.kind) {
    case 'delivered':
      messageLog.info(
        { orderId, eventId, type, attempt, status: verdict.status },
        'webhook received',
      );
      return;
    case 'skipped':
      return;
    case 'retry':
      throw new RetryAfter(verdict.delaySeconds, `${eventId}: ${verdict.reason}`);
    case 'dead':
      throw new Permanent(`${eventId}: ${verdict.reason}`);
  }
}
