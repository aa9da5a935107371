import type { PublishedEvent, Webhook } from '@spillway/contracts';

/** The webhook that wants to hear of the event; null when its order asked for none, or not for this type. */
export function webhookOf({ type, webhook }: PublishedEvent): Webhook | null {
  const chosen: readonly string[] = webhook?.events ?? [];
  return chosen.includes(type) ? webhook : null;
}

/** The body, as Standard Webhooks lays it out; the same bytes for every try. */
export const webhookBody = ({ type, occurredAt, order }: PublishedEvent): string =>
  JSON.stringify({ type, timestamp: occurredAt, data: order });

/** What a receiver's status means. */
export type Reception = 'received' | 'gone' | 'failed' | 'busy';

/** Standard Webhooks: 2xx is received, 410 unsubscribes, everything else failed; redirects too. */
export function receptionOf(status: number): Reception {
  if (status >= 200 && status < 300) return 'received';
  if (status === 410) return 'gone';
  return status === 429 || status === 503 ? 'busy' : 'failed';
}
