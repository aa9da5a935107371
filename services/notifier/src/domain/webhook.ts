import type { Notification, PublishedEvent } from '@spillway/contracts';

/** The body; the same bytes for every try. */
export const webhookBody = ({ payload }: Notification): string => JSON.stringify(payload);

/** What is told to one receiver has one name, which outlives the message. */
export const nameOf = ({ endpoint, id, url }: Notification): string =>
  endpoint?.deliveryId ?? `${id} ${url}`;

/**
 * Of an event that a program of before has sent: what its order's webhook is told. Null when the order has
 * none, or did not choose the type.
 */
export function notificationOf(event: PublishedEvent): Notification | null {
  const { id, type, orderId, occurredAt, order, webhook } = event;
  if (!webhook?.events.includes(type)) return null;
  return {
    schemaVersion: 2,
    id,
    customerId: order.customerId,
    orderId,
    endpoint: null,
    url: webhook.url,
    since: occurredAt,
    once: false,
    payload: { type, timestamp: occurredAt, data: order },
  };
}

/** What a receiver's status means. */
export type Reception = 'received' | 'gone' | 'failed' | 'busy';

/** Standard Webhooks: 2xx is received, 410 unsubscribes, everything else failed; redirects too. */
export function receptionOf(status: number): Reception {
  if (status >= 200 && status < 300) return 'received';
  if (status === 410) return 'gone';
  return status === 429 || status === 503 ? 'busy' : 'failed';
}
