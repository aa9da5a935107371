import { eventId, newOrderId, type PublishedEvent } from '@spillway/contracts';

/** An event of a new order, or of the one given. */
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
      customerId: 'local',
      status: 'completed',
      stage: 'package',
      progress: 1,
      error: null,
      playback: null,
      metadata: { reference: 'übung-7' },
      warnings: [],
    },
    webhook: null,
    ...fields,
  };
}
