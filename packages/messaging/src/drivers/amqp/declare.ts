import { setTimeout as wait } from 'node:timers/promises';
import type { QueueSpec, SubscriptionSpec, Topology } from '@spillway/contracts';
import type { Channel, ChannelModel } from 'amqplib';
import { deadLetterQueueOf } from '../../port.ts';
import { translate } from './errors.ts';
import type { Management } from './management.ts';
import { parkingQueueOf, STAYS } from './parking.ts';

/**
 * 24 days, the most that every RabbitMQ takes. Its own 30 minutes would close the channel of a worker
 * that encodes for longer; a dead worker is noticed by its connection, and a stuck one by its lease.
 */
export const NEVER_MS = 2_147_483_647;
/** Counted by the driver, see `maxDeliveries`; RabbitMQ 4 drops a message after 20 without this. */
const NO_LIMIT = 1_000_000_000;

const QUORUM = { 'x-queue-type': 'quorum', 'x-delivery-limit': NO_LIMIT };
const WORKED = { ...QUORUM, 'x-consumer-timeout': NEVER_MS };

/**
 * RabbitMQ answers that a queue is there before its disk knows it: the name goes from a cache to a file half a
 * second later, in a busy broker 3 s later. Killed before, it starts the queue again as an empty one that
 * confirms nothing, and what it had confirmed is gone.
 */
const UNTIL_ON_DISK_MS = 4_000;

interface DeclaredQueue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Creates what is missing. Settings that may change are the driver's own: RabbitMQ's are for good. */
export async function declareTopology(
  model: ChannelModel,
  management: Management | null,
  { queues, topics, subscriptions }: Topology,
): Promise<void> {
  await declareQueues(model, queues.flatMap(queuesOf));
  const channel = await openChannel(model);
  for (const { name } of topics) await channel.assertExchange(name, 'headers', { durable: true });
  for (const subscription of subscriptions) await subscribe(channel, management, subscription);
  await channel.close();
}

export const declareParking = (model: ChannelModel, queue: string): Promise<void> =>
  declareQueues(model, parkingOf(queue));

/** Resolves when they are there for good: whoever sends to a queue before could lose what was confirmed. */
async function declareQueues(model: ChannelModel, queues: readonly DeclaredQueue[]): Promise<void> {
  const wereThere = await allExist(model, queues);
  const channel = await openChannel(model);
  for (const queue of queues) {
    await channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments });
  }
  await channel.close();
  if (!wereThere) await wait(UNTIL_ON_DISK_MS);
}

async function allExist(model: ChannelModel, queues: readonly DeclaredQueue[]): Promise<boolean> {
  const channel = await openChannel(model);
  try {
    for (const { name } of queues) await channel.checkQueue(name);
  } catch (error) {
    const failure = translate(error, 'look for the queues');
    // It has closed the channel.
    if (failure.code === 'not_found') return false;
    throw failure;
  }
  await channel.close();
  return true;
}

async function openChannel(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  return channel;
}

function queuesOf({ name, ordered }: QueueSpec): DeclaredQueue[] {
  const single = ordered && { 'x-single-active-consumer': true };
  return [
    { name: deadLetterQueueOf(name), arguments: WORKED },
    { name, arguments: { ...WORKED, ...single } },
    ...(ordered ? [] : parkingOf(name)),
  ];
}

const parkingOf = (queue: string): DeclaredQueue[] =>
  STAYS.map((seconds) => ({
    name: parkingQueueOf(queue, seconds),
    arguments: {
      ...QUORUM,
      'x-message-ttl': seconds * 1000,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': queue,
      // Kept here until the queue has confirmed it; it wants the other setting.
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  }));

type Binding = Readonly<Record<string, string>>;

/** A binding matches one value an attribute: a filter with several becomes several bindings. */
export function bindingsOf(filter: SubscriptionSpec['filter']): Binding[] {
  return Object.entries(filter).reduce<Binding[]>(
    (bindings, [name, values]) =>
      bindings.flatMap((binding) => values.map((value) => ({ ...binding, [name]: value }))),
    [{ 'x-match': 'all' }],
  );
}

async function subscribe(
  channel: Channel,
  management: Management | null,
  { topic, queue, filter }: SubscriptionSpec,
): Promise<void> {
  const wanted = bindingsOf(filter);
  for (const binding of wanted) await channel.bindQueue(queue, topic, '', binding);
  // Only the management API tells what was bound before.
  const bound = (await management?.bindings(topic, queue)) ?? [];
  const key = (binding: Binding) => JSON.stringify(Object.entries(binding).sort());
  const keep = new Set(wanted.map(key));
  for (const binding of bound) {
    if (!keep.has(key(binding))) await channel.unbindQueue(queue, topic, '', binding);
  }
}
