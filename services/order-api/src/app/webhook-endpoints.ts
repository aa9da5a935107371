import { setTimeout as wait } from 'node:timers/promises';
import {
  type ChangeWebhookEndpoint,
  type CreateWebhookEndpoint,
  type Notification,
  newWebhookDeliveryId,
  newWebhookEndpointId,
  type WebhookDelivery,
  type WebhookTest,
} from '@spillway/contracts';
import { endpointSecret } from '@spillway/runtime';
import type { EndpointState } from '../domain/webhook-endpoint.ts';
import { type Caller, maySee } from './caller.ts';
import { notificationFor } from './notifications.ts';
import type { Trace } from './ports.ts';
import type { DeliveryStore, EndpointStore } from './webhook-ports.ts';

/** Each is told of every order: a bound for what one order can cause. */
export const MOST_ENDPOINTS = 20;
/** The notifier waits 15 s for an answer. */
const TEST_PATIENCE_MS = 20_000;
/** Most receivers answer soon; who tries many that hang must not keep the database busy. */
const FIRST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 2_000;

/** The customer has as many endpoints as it may. */
export class TooManyEndpoints extends Error {
  override name = 'TooManyEndpoints';
}

/** What it told is gone, with its order; or it was a test. */
export class NotRepeatable extends Error {
  override name = 'NotRepeatable';
}

export interface EndpointWithSecret {
  readonly endpoint: EndpointState;
  /** `whsec_` and base64. */
  readonly secret: string;
}

export interface WebhookEndpointsParts {
  readonly endpoints: EndpointStore;
  readonly deliveries: DeliveryStore;
  /** What the endpoints' secrets are made from. */
  readonly secret: string;
  /** Throws `OrderRefused`. */
  readonly checkUrl: (url: string) => Promise<void>;
  /** The customer's endpoints are others now. */
  readonly onChanged: (customerId: string) => void;
  /** A message is durable. */
  readonly onSent: () => void;
}

/** Customers' endpoints: made, changed, tried. To a customer, another's is one that does not exist: null. */
export interface WebhookEndpoints {
  /** Throws `OrderRefused` or `TooManyEndpoints`. */
  create(body: CreateWebhookEndpoint, caller: Caller): Promise<EndpointWithSecret>;
  find(id: string, caller: Caller): Promise<EndpointState | null>;
  /** Null when it went meanwhile. Throws `OrderRefused`. */
  change(before: EndpointState, body: ChangeWebhookEndpoint): Promise<EndpointState | null>;
  rotateSecret(before: EndpointState, overlapSeconds: number): Promise<EndpointWithSecret | null>;
  remove(endpoint: EndpointState): Promise<void>;
  /** What became of it; `pending` when that takes too long. */
  test(endpoint: EndpointState, trace: Trace): Promise<WebhookDelivery | null>;
  /** The same event by a new delivery, to where the endpoint is now. Throws `NotRepeatable`. */
  redeliver(
    endpoint: EndpointState,
    delivery: WebhookDelivery,
    trace: Trace,
  ): Promise<WebhookDelivery | null>;
}

/** Sends notifications that no change of an order causes. */
function sending({ deliveries, onSent }: WebhookEndpointsParts) {
  async function send(notification: Notification, trace: Trace): Promise<void> {
    await deliveries.send(notification, trace);
    onSent();
  }

  async function resultOf(deliveryId: string): Promise<WebhookDelivery | null> {
    const until = Date.now() + TEST_PATIENCE_MS;
    for (let pause = FIRST_LOOK_MS; ; pause *= 1.5) {
      const delivery = await deliveries.find(deliveryId);
      if (delivery?.status !== 'pending' || Date.now() > until) return delivery;
      await wait(Math.min(pause, LONGEST_LOOK_MS));
    }
  }

  const test: WebhookEndpoints['test'] = async (endpoint, trace) => {
    const deliveryId = newWebhookDeliveryId();
    const since = new Date().toISOString();
    const payload: WebhookTest = {
      type: 'webhook.test',
      timestamp: since,
      data: { webhookEndpointId: endpoint.id },
    };
    const told = { id: deliveryId, orderId: null, payload, once: true, since };
    await send(notificationFor(endpoint, told, deliveryId), trace);
    return resultOf(deliveryId);
  };

  const redeliver: WebhookEndpoints['redeliver'] = async (endpoint, delivery, trace) => {
    const { orderId, eventId: id } = delivery;
    const event = orderId === null ? null : await deliveries.eventOf(delivery);
    if (event === null) throw new NotRepeatable();
    const { type, occurredAt: timestamp, order: data } = event;
    const deliveryId = newWebhookDeliveryId();
    const payload = { type, timestamp, data };
    const told = { id, orderId, payload, once: false, since: new Date().toISOString() };
    await send(notificationFor(endpoint, told, deliveryId), trace);
    return deliveries.find(deliveryId);
  };
  return { test, redeliver };
}

export function webhookEndpoints(parts: WebhookEndpointsParts): WebhookEndpoints {
  const { endpoints, secret, checkUrl, onChanged } = parts;
  const withSecret = (endpoint: EndpointState): EndpointWithSecret => ({
    endpoint,
    secret: endpointSecret(secret, endpoint.id, endpoint.secretVersion),
  });

  async function create(
    { url, events, description }: CreateWebhookEndpoint,
    { customer }: Caller,
  ): Promise<EndpointWithSecret> {
    await checkUrl(url);
    const endpoint: EndpointState = {
      id: newWebhookEndpointId(),
      customerId: customer.id,
      url,
      events,
      description: description ?? null,
      disabled: false,
      disabledReason: null,
      failingSince: null,
      previousSecretUntil: null,
      createdAt: new Date().toISOString(),
      secretVersion: 1,
    };
    if (!(await endpoints.create(endpoint, MOST_ENDPOINTS))) throw new TooManyEndpoints();
    onChanged(customer.id);
    return withSecret(endpoint);
  }

  return {
    create,
    async find(id, caller) {
      const endpoint = await endpoints.find(id);
      return endpoint && maySee(caller, endpoint) ? endpoint : null;
    },
    async change({ id, customerId }, body) {
      if (body.url !== undefined) await checkUrl(body.url);
      const endpoint = await endpoints.change(id, body);
      onChanged(customerId);
      return endpoint;
    },
    async rotateSecret({ id, customerId }, overlapSeconds) {
      const endpoint = await endpoints.rotate(id, new Date(Date.now() + overlapSeconds * 1000));
      onChanged(customerId);
      return endpoint && withSecret(endpoint);
    },
    async remove({ id, customerId }) {
      await endpoints.remove(id);
      onChanged(customerId);
    },
    ...sending(parts),
  };
}
