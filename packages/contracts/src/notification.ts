import * as z from 'zod';
import { OrderEvent } from './event.ts';
import { CustomerId, OrderId, WebhookDeliveryId, WebhookEndpointId } from './ids.ts';
import { WebhookAttempt, WebhookDeliveryStatus } from './webhook.ts';

const Time = z.iso.datetime();

/**
 * A receiver that is to be told of an event: a message of its own each, so that none waits for another.
 * On the queue `notifications`, in order for one order and receiver. It holds no secret: who posts it
 * derives that.
 */
export const Notification = z.object({
  schemaVersion: z.literal(2),
  /** The `webhook-id`: a receiver drops doubles by it. */
  id: z.string(),
  customerId: CustomerId,
  /** Null for a test. */
  orderId: OrderId.nullable(),
  /** Null: the order names its receiver itself, and nobody keeps what becomes of it. */
  endpoint: z
    .object({
      id: WebhookEndpointId,
      deliveryId: WebhookDeliveryId,
      /** Of the secrets that sign, the newest first. */
      secretVersions: z.array(z.int().positive()).min(1),
    })
    .nullable(),
  url: z.string(),
  /** From then on it is tried for a day. */
  since: Time,
  /** A test: not tried again. */
  once: z.boolean(),
  /** The body, whatever it tells. */
  payload: z.looseObject({ type: z.string() }),
});
export type Notification = z.infer<typeof Notification>;

/**
 * What the queue held before there were endpoints (`schemaVersion` 1). Nobody sends it any more; read
 * for a release, so that what was sent before is told (law 9).
 */
export const PublishedEvent = OrderEvent.extend({
  webhook: z.object({ url: z.string(), events: z.array(z.string()) }).nullable(),
});
export type PublishedEvent = z.infer<typeof PublishedEvent>;

/** What became of a try at an endpoint; on the queue `delivery-results`. */
export const DeliveryResult = z.object({
  schemaVersion: z.literal(1),
  deliveryId: WebhookDeliveryId,
  endpointId: WebhookEndpointId,
  /** Where it was posted to; null from a notifier of before (law 9). */
  url: z.string().nullable().default(null),
  attempt: WebhookAttempt,
  /** `pending`: it will be tried again. */
  status: WebhookDeliveryStatus,
  nextTryAt: Time.nullable(),
  /** The receiver answered 410: it wants no more. */
  gone: z.boolean(),
});
export type DeliveryResult = z.infer<typeof DeliveryResult>;
