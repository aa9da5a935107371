import {
  NOTIFICATIONS,
  type Notification,
  ORDER_EVENTS,
  type OrderEvent,
  queueOfJob,
} from '@spillway/contracts';
import type { OutboxMessage } from '@spillway/database';
import type { Step } from '../domain/reduce.ts';
import type { Trace } from './ports.ts';

const QUEUE = 'queue:';
const TOPIC = 'topic:';

/** Where an outbox message goes, in the broker's words. */
export function destinationOf(destination: string): { kind: 'queue' | 'topic'; name: string } {
  if (destination.startsWith(QUEUE))
    return { kind: 'queue', name: destination.slice(QUEUE.length) };
  if (destination.startsWith(TOPIC))
    return { kind: 'topic', name: destination.slice(TOPIC.length) };
  throw new Error(`"${destination}" is neither a queue nor a topic`);
}

const attributesOf = ({ traceparent, requestId }: Trace): Record<string, string> => ({
  traceparent,
  ...(requestId !== undefined && { requestId }),
});

const eventMessage = (event: OrderEvent, customerId: string, trace: Trace): OutboxMessage => ({
  destination: `${TOPIC}${ORDER_EVENTS}`,
  body: JSON.stringify(event),
  attributes: { ...attributesOf(trace), type: event.type, customerId },
  group: event.orderId,
  deduplicationId: event.id,
});

/** One receiver hears of one order in order; no receiver waits for another. */
export function notificationMessage(notification: Notification, trace: Trace): OutboxMessage {
  const { id, orderId, endpoint } = notification;
  const receiver = endpoint?.id ?? 'order';
  return {
    destination: `${QUEUE}${NOTIFICATIONS}`,
    body: JSON.stringify(notification),
    attributes: attributesOf(trace),
    group: `${orderId ?? id}/${receiver}`,
    deduplicationId: endpoint?.deliveryId ?? id,
  };
}

/** What a step tells the workers and the world. */
export function messagesOf({ jobs, events, state }: Step, trace: Trace): OutboxMessage[] {
  return [
    ...jobs.map((job) => ({
      destination: `${QUEUE}${queueOfJob(job.kind, job.priority)}`,
      body: JSON.stringify(job),
      attributes: attributesOf(trace),
      group: job.customerId,
      deduplicationId: null,
    })),
    ...events.map((event) => eventMessage(event, state.customerId, trace)),
  ];
}
