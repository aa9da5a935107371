import * as z from 'zod';
import { OrderSnapshot } from './event.ts';
import { CustomerId, OrderId, WebhookDeliveryId, WebhookEndpointId } from './ids.ts';
import { WebhookEvents, WebhookEventType, WebhookRequest, WebhookUrl } from './order.ts';
import { Text } from './text.ts';

const Time = z.iso.datetime();

/** What a webhook of an order holds: small, and enough to know what changed. */
export const WebhookEvent = z
  .object({ type: WebhookEventType, timestamp: Time, data: OrderSnapshot })
  .meta({ id: 'WebhookEvent' });
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** What POST /v1/webhook-endpoints/{id}/test sends. */
export const WebhookTest = z
  .object({
    type: z.literal('webhook.test'),
    timestamp: Time,
    data: z.object({ webhookEndpointId: WebhookEndpointId }),
  })
  .meta({ id: 'WebhookTest' });
export type WebhookTest = z.infer<typeof WebhookTest>;

/** One line, so that it stays one wherever it is shown. */
const Description = Text.max(200).regex(/^[^\p{Cc}]*$/u, 'must be one line');

/** The body of POST /v1/webhook-endpoints. */
export const CreateWebhookEndpoint = z
  .strictObject({
    ...WebhookRequest.shape,
    description: Description.optional().meta({ example: 'Production' }),
  })
  .meta({ id: 'CreateWebhookEndpoint' });
export type CreateWebhookEndpoint = z.infer<typeof CreateWebhookEndpoint>;

/** The body of PATCH /v1/webhook-endpoints/{id}: what is left out stays. */
export const ChangeWebhookEndpoint = z
  .strictObject({
    url: WebhookUrl.optional(),
    events: WebhookEvents.optional(),
    description: Description.nullable().optional(),
    disabled: z.boolean().optional().meta({
      description: 'false begins anew: what was counted against it is forgotten.',
    }),
  })
  .meta({ id: 'ChangeWebhookEndpoint' });
export type ChangeWebhookEndpoint = z.infer<typeof ChangeWebhookEndpoint>;

export const RotateWebhookSecret = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(7 * 24 * 3600)
      .default(24 * 3600)
      .meta({ description: 'For so long the secret of before signs as well.' }),
  })
  .meta({ id: 'RotateWebhookSecret' });

/** Where a customer is told of the events of all its orders. */
export const WebhookEndpoint = z
  .object({
    id: WebhookEndpointId,
    customerId: CustomerId,
    url: z.string(),
    events: z.array(WebhookEventType),
    description: z.string().nullable(),
    disabled: z.boolean(),
    disabledReason: z.string().nullable().meta({
      description:
        'Why it is told no more: its owner said so, it answered 410, or it took nothing for 3 days.',
    }),
    failingSince: Time.nullable().meta({
      description: 'Of the first try that failed since the last that did not.',
    }),
    previousSecretUntil: Time.nullable().meta({
      description: 'Until then the secret before this one signs as well.',
    }),
    createdAt: Time,
  })
  .meta({ id: 'WebhookEndpoint' });
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

const Secret = z.string().meta({
  description: 'Verifies what is received (Standard Webhooks).',
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
});

/** Shown where a secret is new, and never again. */
export const WebhookEndpointWithSecret = WebhookEndpoint.extend({ secret: Secret }).meta({
  id: 'WebhookEndpointWithSecret',
});
export type WebhookEndpointWithSecret = z.infer<typeof WebhookEndpointWithSecret>;

/** Signs the webhooks that orders name themselves. */
export const WebhookSecret = z.object({ secret: Secret }).meta({ id: 'WebhookSecret' });

export const WebhookEndpointPage = z
  .object({ endpoints: z.array(WebhookEndpoint), nextCursor: z.string().nullable() })
  .meta({ id: 'WebhookEndpointPage' });
export type WebhookEndpointPage = z.infer<typeof WebhookEndpointPage>;

/** One request to a receiver, or why there was none. */
export const WebhookAttempt = z
  .object({
    at: Time,
    status: z.int().nullable().meta({ description: 'Of the answer; null: there was none.' }),
    error: z.string().nullable().meta({ description: 'Null: it was received.' }),
    durationMs: z.int().nonnegative(),
  })
  .meta({ id: 'WebhookAttempt' });
export type WebhookAttempt = z.infer<typeof WebhookAttempt>;

export const WebhookDeliveryStatus = z.enum(['pending', 'delivered', 'failed']);
export type WebhookDeliveryStatus = z.infer<typeof WebhookDeliveryStatus>;

/** An event that an endpoint is told of. */
export const WebhookDelivery = z
  .object({
    id: WebhookDeliveryId,
    webhookEndpointId: WebhookEndpointId,
    eventId: z.string().meta({
      description: 'The `webhook-id`: the same when the event is told again.',
      example: 'evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_7',
    }),
    type: z.enum([...WebhookEventType.options, 'webhook.test']),
    orderId: OrderId.nullable().meta({ description: 'Null for a test.' }),
    status: WebhookDeliveryStatus,
    attempts: z.array(WebhookAttempt),
    nextTryAt: Time.nullable().meta({
      description: 'At the earliest; null: there is none, or it is under way.',
    }),
    createdAt: Time,
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const WebhookDeliveryPage = z
  .object({ deliveries: z.array(WebhookDelivery), nextCursor: z.string().nullable() })
  .meta({ id: 'WebhookDeliveryPage' });
export type WebhookDeliveryPage = z.infer<typeof WebhookDeliveryPage>;
