import {
  ORDER_EVENTS,
  type OrderEvent,
  type PublishedEvent,
  queueOfJob,
} from '@spillway/contracts';
import type { OutboxMessage } from '@spillway/database';
import { childTraceparent } from '@spillway/runtime';
import type { OrderState } from '../domain/order.ts';
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

function eventMessage(
  { request, customerId }: OrderState,
  event: OrderEvent,
  attributes: Record<string, string>,
): OutboxMessage {
  const published: PublishedEvent = { ...event, webhook: request.webhook };
  const chosen: readonly string[] = request.webhook?.events ?? [];
  return {
    destination: `${TOPIC}${ORDER_EVENTS}`,
    body: JSON.stringify(published),
    attributes: {
      ...attributes,
      type: event.type,
      customerId,
      webhook: String(chosen.includes(event.type)),
    },
    group: event.orderId,
    deduplicationId: event.id,
  };
}

/** What a step tells the workers and the world. */
export function messagesOf(step: Step, { traceparent, requestId }: Trace): OutboxMessage[] {
  const attributes = () => ({
    traceparent: childTraceparent(traceparent),
    ...(requestId !== undefined && { requestId }),
  });
  const jobs = step.jobs.map((job) => ({
    destination: `${QUEUE}${queueOfJob(job.kind, job.priority)}`,
    body: JSON.stringify(job),
    attributes: attributes(),
    group: job.customerId,
    deduplicationId: null,
  }));
  const events = step.events.map((event) => eventMessage(step.state, event, attributes()));
  return [...jobs, ...events];
}
