import type { QueueSpec, SubscriptionSpec, Topology } from '@spillway/contracts';
import type { Channel, ChannelModel } from 'amqplib';
import { deadLetterQueueOf } from '../../port.ts';
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

/** Creates what is missing. Settings that may change are the driver's own: RabbitMQ's are for good. */
export async function declareTopology(
  model: ChannelModel,
  management: Management | null,
  { queues, topics, subscriptions }: Topology,
): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  for (const queue of queues) await declareQueue(channel, queue);
  for (const { name } of topics) await channel.assertExchange(name, 'headers', { durable: true });
  for (const subscription of subscriptions) await subscribe(channel, management, subscription);
  await channel.close();
}

async function declareQueue(channel: Channel, { name, ordered }: QueueSpec): Promise<void> {
  await channel.assertQueue(deadLetterQueueOf(name), { durable: true, arguments: WORKED });
  const single = ordered && { 'x-single-active-consumer': true };
  await channel.assertQueue(name, { durable: true, arguments: { ...WORKED, ...single } });
  if (!ordered) await declareParking(channel, name);
}

export async function declareParking(channel: Channel, queue: string): Promise<void> {
  for (const seconds of STAYS) {
    await channel.assertQueue(parkingQueueOf(queue, seconds), {
      durable: true,
      arguments: {
        ...QUORUM,
        'x-message-ttl': seconds * 1000,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': queue,
        // Kept here until the queue has confirmed it; it wants the other setting.
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
  }
}

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
