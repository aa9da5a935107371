import type { QueueSpec } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import { type Messaging, MessagingError } from '../../port.ts';
import { Connection } from './connection.ts';
import { declareParking, declareTopology } from './declare.ts';
import { readDepth } from './depth.ts';
import { asked } from './errors.ts';
import type { HeldParts } from './held.ts';
import { Management } from './management.ts';
import { routeOf } from './parking.ts';
import { Publisher } from './publisher.ts';
import { Specs } from './specs.ts';
import { toStored } from './stored.ts';
import { AmqpSubscription } from './subscription.ts';

/** How long `declare` and `depth` wait for a connection before they are `unavailable`. */
const MOST_WAIT_MS = 5_000;

export interface AmqpOptions {
  /** One or more nodes of a cluster, `amqp:` or `amqps:`; tried in turn. */
  readonly urls: readonly [string, ...string[]];
  /** RabbitMQ's management plugin, with name and password: for what AMQP does not tell. */
  readonly managementUrl?: string | undefined;
  /** Queues that another process declares. */
  readonly queues?: readonly QueueSpec[];
  readonly log: Logger;
}

/** RabbitMQ 4 and Amazon MQ, over AMQP 0-9-1. */
export function createAmqpMessaging(options: AmqpOptions): Messaging {
  const { urls, managementUrl, queues = [], log } = options;
  const connection = new Connection({ urls, log });
  const publisher = new Publisher(connection);
  const management = managementUrl ? new Management(managementUrl, urls[0]) : null;
  if (!management)
    log.info("without a management API, only this process's jobs in hand are counted");
  const specs = new Specs();
  specs.learn({ queues, topics: [] });
  const inFlight = new Map<string, number>();
  const subscriptions = new Set<AmqpSubscription>();
  const model = () => connection.model(AbortSignal.timeout(MOST_WAIT_MS));

  const parked = new Map<string, Promise<void>>();
  const park = async (queue: string) => {
    if (specs.hasParking(queue)) return;
    const parking = parked.get(queue) ?? model().then((open) => declareParking(open, queue));
    parked.set(queue, parking);
    await parking.catch((error: unknown) => {
      parked.delete(queue);
      throw error;
    });
  };
  const held: HeldParts = { publisher, specs, log, inFlight, park };

  return {
    declare: (topology) =>
      asked('declare the queues', async () => {
        specs.learn(topology);
        await declareTopology(await model(), management, topology);
      }),
    send: (queue, messages) =>
      asked(`send to ${queue}`, async () => {
        const { ordered } = specs.queue(queue);
        const letters = messages.map((message) => routeOf(queue, toStored(message, ordered)));
        if (letters.length > 0) await publisher.toQueues(letters);
      }),
    publish: (topic, messages) =>
      asked(`publish to ${topic}`, async () => {
        const ordered = specs.isOrderedTopic(topic);
        await publisher.toTopic(
          topic,
          messages.map((message) => toStored(message, ordered, false)),
        );
      }),
    subscribe: (names, { concurrency }, onDelivery) => {
      if (names.length > 1 && names.some((name) => specs.queue(name).ordered)) {
        throw new MessagingError('rejected', 'An ordered queue has a subscription of its own');
      }
      const parts = { connection, held, queues: names, concurrency, onDelivery, log };
      const subscription = new AmqpSubscription(parts);
      subscriptions.add(subscription);
      return subscription;
    },
    depth: (queue) =>
      asked(`read the depth of ${queue}`, async () => {
        const hasParking = specs.hasParking(queue) || parked.has(queue);
        const own = inFlight.get(queue) ?? 0;
        return readDepth(await model(), management, { queue, hasParking, own });
      }),
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      await connection.close();
    },
  };
}
