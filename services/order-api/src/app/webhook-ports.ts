import type {
  ChangeWebhookEndpoint,
  DeliveryResult,
  Notification,
  WebhookDelivery,
} from '@spillway/contracts';
import type { EndpointState } from '../domain/webhook-endpoint.ts';
import type { StoredEvent, Trace } from './ports.ts';

export interface EndpointQuery {
  /** Null: of all customers. */
  readonly customerId: string | null;
  /** Endpoints before this id: older ones. */
  readonly before: string | null;
  readonly limit: number;
}

export interface DeliveryQuery {
  readonly endpointId: string;
  readonly before: string | null;
  readonly limit: number;
}

/** Customers' endpoints, kept. */
export interface EndpointStore {
  /** False when the customer has so many already. */
  create(endpoint: EndpointState, most: number): Promise<boolean>;
  find(id: string): Promise<EndpointState | null>;
  /** Newest first. */
  list(query: EndpointQuery): Promise<EndpointState[]>;
  /** Those that are not disabled. */
  ofCustomer(customerId: string): Promise<EndpointState[]>;
  change(id: string, change: ChangeWebhookEndpoint): Promise<EndpointState | null>;
  /** The next version of the secret; the one before signs as well until then. */
  rotate(id: string, previousUntil: Date): Promise<EndpointState | null>;
  /** With its deliveries. */
  remove(id: string): Promise<void>;
}

/** What endpoints are told, kept. Deliveries of orders' events are written with their orders. */
export interface DeliveryStore {
  /** With its message, all or nothing. */
  send(notification: Notification, trace: Trace): Promise<void>;
  find(id: string): Promise<WebhookDelivery | null>;
  /** Newest first. */
  list(query: DeliveryQuery): Promise<WebhookDelivery[]>;
  /** The event that a delivery tells; null when its order is gone. */
  eventOf(delivery: WebhookDelivery): Promise<StoredEvent | null>;
  /** A result that comes twice is written once. */
  record(results: readonly DeliveryResult[]): Promise<void>;
}
