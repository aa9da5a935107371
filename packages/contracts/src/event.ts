import * as z from 'zod';
import { OrderId } from './ids.ts';
import { Order, WebhookRequest } from './order.ts';

export const OrderEventType = z.enum([
  'order.queued',
  'order.running',
  'order.progress',
  /** It plays while the rest is being encoded; an order that was encoded whole is completed at once. */
  'order.playable',
  'order.completed',
  'order.failed',
  'order.canceled',
  'order.timed_out',
]);
export type OrderEventType = z.infer<typeof OrderEventType>;

/** The part of an order that an event tells: small, and enough to know what changed. */
export const OrderSnapshot = Order.pick({
  id: true,
  customerId: true,
  status: true,
  stage: true,
  progress: true,
  error: true,
  playback: true,
  metadata: true,
  warnings: true,
});

/** What happened to an order; `sequence` counts within the order, from 1. */
export const OrderEvent = z
  .object({
    schemaVersion: z.literal(1),
    /** The same for every telling of the event: a receiver drops doubles by it. */
    id: z.string(),
    type: OrderEventType,
    sequence: z.int().positive(),
    orderId: OrderId,
    occurredAt: z.iso.datetime(),
    order: OrderSnapshot,
  })
  .meta({ id: 'OrderEvent' });
export type OrderEvent = z.infer<typeof OrderEvent>;

/** An event on the topic `order-events`, with the webhook that its order asked for. */
export const PublishedEvent = OrderEvent.extend({ webhook: WebhookRequest.nullable() });
export type PublishedEvent = z.infer<typeof PublishedEvent>;
