import { DELIVERY_RESULTS, DeliveryResult, queueSpec } from '@spillway/contracts';
import { type Consumer, consume, type Messaging } from '@spillway/messaging';
import type { Logger } from '@spillway/runtime';
import { inBatches } from './in-batches.ts';
import type { DeliveryStore } from './webhook-ports.ts';

/** Many, so that there are some to write together. */
const CONCURRENCY = 64;
const { leaseSeconds, maxDeliveries } = queueSpec(DELIVERY_RESULTS);
/** As for jobs' results: the database may be away for hours. */
const RETRY = { maxAttempts: maxDeliveries, backoff: { firstSeconds: 0.5, maxSeconds: 120 } };

export interface DeliveryResultsParts {
  readonly messaging: Messaging;
  readonly deliveries: Pick<DeliveryStore, 'record'>;
  readonly log: Logger;
}

/** Keeps what the notifier says became of deliveries. */
export function consumeDeliveryResults({
  messaging,
  deliveries,
  log,
}: DeliveryResultsParts): Consumer {
  const record = inBatches<DeliveryResult>((results) => deliveries.record(results), CONCURRENCY);
  return consume(messaging, {
    queues: [DELIVERY_RESULTS],
    schema: DeliveryResult,
    concurrency: CONCURRENCY,
    leaseSeconds,
    ...RETRY,
    log,
    handle: record,
  });
}
