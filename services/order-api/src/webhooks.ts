import type { Database, OutboxRelay } from '@spillway/database';
import type { Messaging } from '@spillway/messaging';
import type { Logger } from '@spillway/runtime';
import type { WebhookRouteParts } from './adapters/http/webhook-routes.ts';
import { sqlDeliveries } from './adapters/sql/webhook-deliveries.ts';
import { sqlEndpoints } from './adapters/sql/webhook-endpoints.ts';
import { consumeDeliveryResults } from './app/delivery-results.ts';
import { lookUps } from './app/look-ups.ts';
import { type NotificationsOf, notifications } from './app/notifications.ts';
import { webhookEndpoints } from './app/webhook-endpoints.ts';

/** What another process has changed is seen after so long. */
const ENDPOINTS_REMEMBERED_MS = 5_000;

export interface WebhooksParts {
  readonly database: Database;
  readonly messaging: Messaging;
  readonly relay: Pick<OutboxRelay, 'poke'>;
  /** What the secrets that sign are made from. */
  readonly secret: string;
  /** Throws `OrderRefused`, of that field. */
  readonly checkWebhook: (url: string, field: string) => Promise<void>;
  readonly log: Logger;
}

export interface Webhooks {
  readonly notificationsOf: NotificationsOf;
  readonly routes: WebhookRouteParts;
  stop(): Promise<void>;
}

/** Wires whom customers want told of their orders, and what became of it. */
export function startWebhooks(parts: WebhooksParts): Webhooks {
  const { database, messaging, relay, secret, checkWebhook, log } = parts;
  const endpoints = sqlEndpoints(database);
  const deliveries = sqlDeliveries(database);
  const ofCustomers = lookUps(endpoints.ofCustomer, ENDPOINTS_REMEMBERED_MS);
  const useCases = webhookEndpoints({
    ...{ endpoints, deliveries, secret },
    checkUrl: (url) => checkWebhook(url, 'url'),
    onChanged: ofCustomers.forget,
    onSent: relay.poke,
  });
  const results = consumeDeliveryResults({ messaging, deliveries, log });
  return {
    notificationsOf: notifications(ofCustomers.get),
    routes: { useCases, endpoints, deliveries, secret },
    stop: () => results.stop({ graceSeconds: 10 }),
  };
}
