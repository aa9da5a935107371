import type { OutboxMessage } from '@spillway/database';
import { type Messaging, MessagingError, type OutgoingMessage } from '@spillway/messaging';
import { destinationOf } from '../app/messages.ts';

/** Hands the outbox's messages to the broker. */
export const deliverTo =
  (messaging: Messaging) =>
  async (destination: string, messages: readonly OutboxMessage[]): Promise<void> => {
    const { kind, name } = destinationOf(destination);
    const outgoing = messages.map(
      ({ body, attributes, group, deduplicationId }): OutgoingMessage => ({
        body,
        attributes,
        ...(group !== null && { group }),
        ...(deduplicationId !== null && { deduplicationId }),
      }),
    );
    await (kind === 'queue' ? messaging.send(name, outgoing) : messaging.publish(name, outgoing));
  };

export const isRejected = (error: unknown): boolean =>
  error instanceof MessagingError && error.code === 'rejected';
