import * as z from 'zod';
import { OrderId } from './ids.ts';
import { Order } from './order.ts';

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
}).extend({
  // Missing in events that an older program has sent (law 9).
  changed: z
    .array(z.enum(['status', 'stage', 'progress', 'error', 'playback', 'warnings']))
    .default([])
    .meta({ description: 'The fields that are not as at the event before.' }),
});
export type OrderSnapshot = z.infer<typeof OrderSnapshot>;

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
