import { describe, expect } from '@jest/globals';
import type { QueueSpec } from '@spillway/contracts';
import { deadLetterQueueOf, type Messaging, type QueueNames } from '../port.ts';
import {
  type Bench,
  becomesEmpty,
  eventually,
  freshQueue,
  message,
  parallel,
  Reader,
} from './harness.ts';

const lanes = ['high', 'normal', 'low'] as const;

/** A queue each for what is urgent and what is not, the most urgent first. */
async function freshQueues(m: Messaging, settings: Partial<QueueSpec> = {}) {
  const [high, normal, low] = await Promise.all(
    lanes.map((lane) => freshQueue(m, { leaseSeconds: 30, ...settings }, lane)),
  );
  if (!high || !normal || !low) throw new Error('three queues were made');
  return { high, normal, low, all: [high, normal, low] satisfies QueueNames };
}

const messages = (lane: string, count: number) =>
  Array.from({ length: count }, () => message(lane));

const inFlight = async (m: Messaging, queues: QueueNames): Promise<number> => {
  const depths = await Promise.all(queues.map((queue) => m.depth(queue)));
  return depths.reduce((sum, depth) => sum + depth.inFlight, 0);
};

export function testPriorities(bench: Bench): void {
  describe('several queues', () => {
    parallel(bench, 'the first one that has a message is served first', async (m) => {
      const { all } = await freshQueues(m);
      await Promise.all(all.map((queue, n) => m.send(queue, messages(lanes[n] ?? '', 5))));
      const served = await new Reader(m, all, 1).drain(15);
      expect(served).toEqual(lanes.flatMap((lane) => Array.from({ length: 5 }, () => lane)));
    });

    parallel(bench, 'a later message of an earlier queue overtakes what waits', async (m) => {
      const { high, low, all } = await freshQueues(m, { maxDeliveries: 1000 });
      await m.send(low, messages('low', 2));
      const reader = new Reader(m, all, 1);
      const first = await reader.take();
      expect(first.queue).toBe(low);
      await m.send(high, messages('high', 1));
      await first.ack();
      // The low queue never becomes empty: only an urgent message ends this.
      let held = await reader.take();
      for (; held.queue === low; held = await reader.take()) await held.retry(0);
      expect([held.queue, held.body]).toEqual([high, 'high']);
      await held.ack();
      await eventually(async () => {
        const { waiting, inFlight } = await m.depth(low);
        return waiting + inFlight === 1;
      });
      expect(await reader.drain(1)).toEqual(['low']);
    });

    parallel(bench, 'a consumer that waits gets a message of any of them', async (m) => {
      const { high, normal, low, all } = await freshQueues(m);
      const reader = new Reader(m, all);
      for (const queue of [low, high, normal, high, low]) {
        await m.send(queue, [message(`to ${queue}`)]);
        expect(await reader.drain(1)).toEqual([`to ${queue}`]);
      }
    });

    parallel(bench, 'they share the concurrency, and nothing is held in reserve', async (m) => {
      const { all } = await freshQueues(m);
      await Promise.all(all.map((queue) => m.send(queue, messages('x', 4))));
      const reader = new Reader(m, all, 5);
      const held = [];
      while (held.length < 5) held.push(await reader.take());
      await eventually(async () => (await inFlight(m, all)) === 5);
      await Promise.all(held.map((delivery) => delivery.ack()));
      await reader.drain(7);
      expect(reader.mostInHand).toBe(5);
    });

    parallel(bench, 'each message is answered on the queue that it came from', async (m) => {
      const { all } = await freshQueues(m);
      await Promise.all(all.map((queue, n) => m.send(queue, messages(`${n}`, 2))));
      const reader = new Reader(m, all, 6);
      const held = await Promise.all(Array.from({ length: 6 }, () => reader.take()));
      const ofQueue = Map.groupBy(held, ({ queue }) => queue);
      for (const [n, queue] of all.entries()) {
        const [first, second] = ofQueue.get(queue) ?? [];
        expect([first?.body, second?.body]).toEqual([`${n}`, `${n}`]);
        await Promise.all([first?.ack(), second?.deadLetter('not for us')]);
        await becomesEmpty(m, queue);
        expect(await new Reader(m, deadLetterQueueOf(queue)).drain(1)).toEqual([`${n}`]);
      }
    });

    parallel(bench, 'a stop leaves what comes to any of them to others', async (m) => {
      const { normal, all } = await freshQueues(m);
      const first = new Reader(m, all);
      await m.send(normal, [message('seen')]);
      await first.drain(1);
      await Promise.all([first.stop(), ...all.map((queue) => m.send(queue, messages(queue, 1)))]);
      expect((await new Reader(m, all).drain(3)).sort()).toEqual([...all].sort());
    });
  });
}
