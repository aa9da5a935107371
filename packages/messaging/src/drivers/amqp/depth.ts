import type { ChannelModel } from 'amqplib';
import type { QueueDepth } from '../../port.ts';
import type { Management } from './management.ts';
import { parkingQueueOf, STAYS } from './parking.ts';

export interface Asked {
  readonly queue: string;
  readonly hasParking: boolean;
  /** In the hands of this process. */
  readonly own: number;
}

/**
 * AMQP tells what waits, in the queue and in its parking queues. What other processes have in hand only
 * the management API knows, some seconds late; without it only our own is counted.
 */
export async function readDepth(
  model: ChannelModel,
  management: Management | null,
  { queue, hasParking, own }: Asked,
): Promise<QueueDepth> {
  // Of its own: asking for a queue that is not there closes it.
  const channel = await model.createChannel();
  channel.on('error', () => {});
  const { messageCount: waiting } = await channel.checkQueue(queue);
  const parkingQueues = hasParking ? STAYS.map((seconds) => parkingQueueOf(queue, seconds)) : [];
  const parked = await Promise.all(parkingQueues.map((name) => channel.checkQueue(name)));
  await channel.close();
  const everyones = (await management?.inFlight(queue)) ?? 0;
  return {
    waiting,
    inFlight: Math.max(own, everyones),
    delayed: parked.reduce((sum, { messageCount }) => sum + messageCount, 0),
  };
}
