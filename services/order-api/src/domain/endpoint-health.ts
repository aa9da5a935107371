import type { DeliveryResult, WebhookAttempt, WebhookDeliveryStatus } from '@spillway/contracts';

/** What results say of one delivery. */
export interface DeliveryNews {
  readonly id: string;
  readonly status: WebhookDeliveryStatus;
  readonly attempts: readonly WebhookAttempt[];
  readonly nextTryAt: string | null;
}

/** What results say of one endpoint at one address, as of a time. */
export interface EndpointNews {
  readonly id: string;
  /** Null: not known. */
  readonly url: string | null;
  readonly at: string;
  /** It took one of them at least. */
  readonly received: boolean;
  readonly gone: boolean;
  readonly error: string | null;
}

const statuses: readonly WebhookDeliveryStatus[] = ['pending', 'failed', 'delivered'];

/** The further one: results come in any order, and a dead letter may be told again. */
const further = (a: WebhookDeliveryStatus, b: WebhookDeliveryStatus): WebhookDeliveryStatus =>
  statuses.indexOf(b) > statuses.indexOf(a) ? b : a;

const byTime = (a: DeliveryResult, b: DeliveryResult): number =>
  Date.parse(a.attempt.at) - Date.parse(b.attempt.at);

/** What results that are written together say: one line for each delivery, and for each endpoint and address. */
export function newsOf(results: readonly DeliveryResult[]): {
  deliveries: DeliveryNews[];
  endpoints: EndpointNews[];
} {
  const sorted = results.toSorted(byTime);
  const deliveries = [...Map.groupBy(sorted, ({ deliveryId }) => deliveryId)].map(([id, tries]) => {
    const status = tries.map((one) => one.status).reduce(further);
    return {
      id,
      status,
      attempts: tries.map(({ attempt }) => attempt),
      nextTryAt: status === 'pending' ? (tries.at(-1)?.nextTryAt ?? null) : null,
    };
  });
  const byAddress = Map.groupBy(sorted, ({ endpointId, url }) => `${endpointId} ${url}`);
  const endpoints = [...byAddress.values()].map((tries) => ({
    id: tries[0]?.endpointId ?? '',
    url: tries[0]?.url ?? null,
    at: tries.at(-1)?.attempt.at ?? '',
    received: tries.some(({ status }) => status === 'delivered'),
    gone: tries.some(({ gone }) => gone),
    error: tries.findLast(({ attempt }) => attempt.error !== null)?.attempt.error ?? null,
  }));
  return { deliveries, endpoints };
}
