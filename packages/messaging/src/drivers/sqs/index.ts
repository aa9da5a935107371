import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Logger } from '@spillway/runtime';
import type { Messaging, QueueDepth } from '../../port.ts';
import { Addresses } from './addresses.ts';
import { type Clients, openClients, type SqsConnection } from './clients.ts';
import { declareTopology } from './declare.ts';
import { translate } from './errors.ts';
import { publishAll, sendAll } from './send.ts';
import { SqsSubscription } from './subscription.ts';
import { verifyTopology } from './verify.ts';

export interface SqsOptions extends SqsConnection {
  /** What names in SQS and SNS begin with. Default: nothing. */
  readonly prefix?: string | undefined;
  /** A template makes queues and topics: `declare` checks them and changes nothing. Default false. */
  readonly provisioned?: boolean | undefined;
  readonly log: Logger;
}

/** SQS and SNS: of AWS, or of our broker. */
export function createSqsMessaging(options: SqsOptions): Messaging {
  const { log, prefix, provisioned = false, ...connection } = options;
  const clients = openClients(connection);
  const addresses = new Addresses(clients, prefix);
  const subscriptions = new Set<SqsSubscription>();

  return {
    declare: (topology) =>
      provisioned
        ? verifyTopology({ clients, addresses, log }, topology)
        : declareTopology(clients, addresses, topology),
    send: async (queue, messages) => {
      try {
        await sendAll(clients, await addresses.queue(queue), messages);
      } catch (error) {
        throw translate(error, `send to ${queue}`);
      }
    },
    publish: async (topic, messages) => {
      try {
        await publishAll(clients, await addresses.topic(topic), messages);
      } catch (error) {
        throw translate(error, `publish to ${topic}`);
      }
    },
    subscribe: (queues, { concurrency, gatherMs = 0 }, onDelivery) => {
      const parts = { clients, addresses, queues, concurrency, gatherMs, onDelivery, log };
      const subscription = new SqsSubscription(parts);
      subscriptions.add(subscription);
      return subscription;
    },
    depth: (queue) => readDepth(clients, addresses, queue),
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      clients.sqs.destroy();
      clients.sns.destroy();
    },
  };
}

async function readDepth(
  { sqs }: Clients,
  addresses: Addresses,
  queue: string,
): Promise<QueueDepth> {
  const { url } = await addresses.queue(queue);
  try {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    );
    return {
      waiting: Number(Attributes.ApproximateNumberOfMessages),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
    };
  } catch (error) {
    throw translate(error, `read the depth of ${queue}`);
  }
}
