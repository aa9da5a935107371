import {
  eventId,
  type Notification,
  newOrderId,
  newWebhookDeliveryId,
  type PublishedEvent,
} from '@spillway/contracts';

/** What a receiver is to be told of a new order, or of the one given. */
export function notification(fields: Partial<Notification> & { sequence?: number }): Notification {
  const { sequence = 3, ...rest } = fields;
  const { orderId = newOrderId() } = rest;
  const since = new Date().toISOString();
  const data = { id: orderId, status: 'completed', metadata: { reference: 'übung-7' } };
  return {
    schemaVersion: 2,
    id: eventId(orderId ?? '', sequence),
    customerId: 'acme',
    orderId,
    endpoint: null,
    url: 'http://127.0.0.1:9/hook',
    since,
    once: false,
    payload: { type: 'order.completed', timestamp: since, data },
    ...rest,
  };
}

/** An endpoint with one secret, and a new delivery to it. */
export const endpoint = (fields: Partial<NonNullable<Notification['endpoint']>> = {}) => ({
  id: 'whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2',
  deliveryId: newWebhookDeliveryId(),
  secretVersions: [1],
  ...fields,
});

/** As the order API of before published it. */
export function publishedEvent(fields: Partial<PublishedEvent>): PublishedEvent {
  const { orderId = newOrderId(), sequence = 3 } = fields;
  return {
    schemaVersion: 1,
    id: eventId(orderId, sequence),
    type: 'order.completed',
    sequence,
    orderId,
    occurredAt: new Date().toISOString(),
    order: {
      id: orderId,
      customerId: 'acme',
      status: 'completed',
      stage: 'package',
      progress: 1,
      error: null,
      playback: null,
      metadata: { reference: 'übung-7' },
      warnings: [],
      changed: [],
    },
    webhook: null,
    ...fields,
  };
}
