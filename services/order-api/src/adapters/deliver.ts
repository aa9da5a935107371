import type { OutboxMessage } from '@spillway/database';
import {
  type Messaging,
  MessagingError,
  type OutgoingMessage,
  TRACEPARENT,
} from '@spillway/messaging';
import { type Span, startSpan } from '@spillway/runtime';
import { destinationOf } from '../app/messages.ts';

/** From the outbox to the broker. */
const spanOf = ({ attributes }: OutboxMessage, destination: string): Span =>
  startSpan(`send ${destination}`, {
    kind: 'producer',
    parent: attributes[TRACEPARENT],
    attributes: { 'messaging.operation.type': 'send', 'messaging.destination.name': destination },
  });

const outgoingOf = (
  { body, attributes, group, deduplicationId }: OutboxMessage,
  span: Span | undefined,
): OutgoingMessage => ({
  body,
  attributes: { ...attributes, ...(span && { [TRACEPARENT]: span.traceparent }) },
  ...(group !== null && { group }),
  ...(deduplicationId !== null && { deduplicationId }),
});

/** Hands the outbox's messages to the broker. */
export const deliverTo =
  (messaging: Messaging) =>
  async (destination: string, messages: readonly OutboxMessage[]): Promise<void> => {
    const { kind, name } = destinationOf(destination);
    const spans = messages.map((message) => spanOf(message, name));
    const outgoing = messages.map((message, index) => outgoingOf(message, spans[index]));
    const endAll = (failure?: unknown) => {
      for (const span of spans) span.end(failure);
    };
    try {
      await (kind === 'queue' ? messaging.send(name, outgoing) : messaging.publish(name, outgoing));
      endAll();
    } catch (error) {
      endAll(error);
      throw error;
    }
  };

export const isRejected = (error: unknown): boolean =>
  error instanceof MessagingError && error.code === 'rejected';
