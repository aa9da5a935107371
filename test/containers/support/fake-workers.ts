import { DELIVERY_RESULTS, JOB_RESULTS, Job, jobQueues, NOTIFICATIONS } from '@spillway/contracts';
import { deadLetterQueueOf, jsonMessage, type Messaging } from '@spillway/messaging';
import { planOfChunks, succeeded } from '../../../services/order-api/src/testing/orders.ts';

/** Takes every job and says at once that it succeeded; every source has two chunks. */
export function fakeWorkers(messaging: Messaging) {
  return messaging.subscribe(jobQueues, { concurrency: 16 }, async (delivery) => {
    const job = Job.parse(JSON.parse(delivery.body));
    const result = succeeded(job, { plan: planOfChunks(2) });
    // Twice, as it comes when an answer was lost: copies of the API apply both at the same time.
    await messaging.send(JOB_RESULTS, [jsonMessage(result), jsonMessage(result)]);
    await delivery.ack();
  });
}

/** How many messages each queue has put aside. */
export const deadLettersOf = async (messaging: Messaging): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(
      [...jobQueues, JOB_RESULTS, NOTIFICATIONS, DELIVERY_RESULTS].map(async (queue) => {
        const { waiting, inFlight, delayed } = await messaging.depth(deadLetterQueueOf(queue));
        return [queue, waiting + inFlight + delayed];
      }),
    ),
  );
