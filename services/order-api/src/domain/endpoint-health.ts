import type { DeliveryResult, WebhookAttempt, WebhookDeliveryStatus } from '@spillway/contracts';

/** What results say of one delivery. */
export interface DeliveryNews {
  readonly id: string;
  readonly status: WebhookDeliveryStatus;
  readonly attempts: readonly WebhookAttempt[];
  readonly nextTryAt: string | null;
}

/** What results say of one endpoint, as of a time. */
export interface EndpointNews {
  readonly id: string;
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

/** What results that are written together say: one line for each delivery and each endpoint. */
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
  const endpoints = [...Map.groupBy(sorted, ({ endpointId }) => endpointId)].map(([id, tries]) => ({
    id,
    at: tries.at(-1)?.attempt.at ?? '',
    received: tries.some(({ status }) => status === 'delivered'),
    gone: tries.some(({ gone }) => gone),
    error: tries.findLast(({ attempt }) => attempt.error !== null)?.attempt.error ?? null,
  }));
  return { deliveries, endpoints };
}
