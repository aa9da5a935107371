import { DELIVERY_RESULTS } from '@spillway/contracts';
import { jsonMessage, type Messaging } from '@spillway/messaging';
import type { ReportDelivery } from '../app/ports.ts';

/** Reports to the order API, which keeps deliveries. */
export const deliveryReporter =
  (messaging: Pick<Messaging, 'send'>): ReportDelivery =>
  (result) =>
    messaging.send(DELIVERY_RESULTS, [jsonMessage(result)]);
