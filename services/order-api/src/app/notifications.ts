import {
  type Notification,
  newWebhookDeliveryId,
  type OrderEvent,
  type Webhook,
} from '@spillway/contracts';
import type { Step } from '../domain/reduce.ts';
import { type EndpointState, isTold, secretVersionsOf } from '../domain/webhook-endpoint.ts';

/** What an endpoint is told. `since` is when it is first tried. */
export const notificationFor = (
  endpoint: EndpointState,
  event: Pick<Notification, 'id' | 'orderId' | 'payload' | 'once' | 'since'>,
  deliveryId = newWebhookDeliveryId(),
): Notification => ({
  ...event,
  schemaVersion: 2,
  customerId: endpoint.customerId,
  endpoint: {
    id: endpoint.id,
    deliveryId,
    secretVersions: secretVersionsOf(endpoint, event.since),
  },
  url: endpoint.url,
});

function ofEvent(
  event: OrderEvent,
  webhook: Webhook | null,
  endpoints: readonly EndpointState[],
): Notification[] {
  const { id, type, orderId, occurredAt, order } = event;
  if (!isTold(type)) return [];
  const payload = { type, timestamp: occurredAt, data: order };
  const told = { id, orderId, payload, once: false, since: occurredAt };
  const ofEndpoints = endpoints
    .filter(({ events }) => events.includes(type))
    .map((endpoint) => notificationFor(endpoint, told));
  if (!webhook?.events.includes(type)) return ofEndpoints;
  const { customerId } = order;
  const ofOrder = { ...told, schemaVersion: 2 as const, customerId, endpoint: null };
  return [{ ...ofOrder, url: webhook.url }, ...ofEndpoints];
}

/** Who is told of what a step has made happen. */
export type NotificationsOf = (step: Step) => Promise<readonly Notification[]>;

/**
 * The webhook that the order names, and those endpoints of its customer that chose the event's type.
 * `endpointsOf` gives those that are not disabled.
 */
export const notifications =
  (endpointsOf: (customerId: string) => Promise<readonly EndpointState[]>): NotificationsOf =>
  async ({ events, state: { customerId, request } }) => {
    if (!events.some(({ type }) => isTold(type))) return [];
    const endpoints = await endpointsOf(customerId);
    return events.flatMap((event) => ofEvent(event, request.webhook, endpoints));
  };
