import { describe, expect } from '@jest/globals';
import type { QueueSpec } from '@spillway/contracts';
import type { Messaging } from '../port.ts';
import {
  type Bench,
  becomesEmpty,
  freshName,
  inGroup,
  message,
  parallel,
  Reader,
} from './harness.ts';

type Filter = Readonly<Record<string, readonly string[]>>;

/** A topic, and a queue for each filter. */
async function fanOut(messaging: Messaging, ordered: boolean, filters: readonly Filter[]) {
  const topic = freshName('topic');
  const queues: QueueSpec[] = filters.map(() => ({
    name: freshName('queue'),
    ordered,
    leaseSeconds: 30,
    maxDeliveries: 20,
  }));
  const subscriptions = queues.map(({ name }, n) => ({
    topic,
    queue: name,
    filter: filters[n] ?? {},
  }));
  const topology = { queues, topics: [{ name: topic, ordered }], subscriptions };
  await messaging.declare(topology);
  return { topic, topology, queues: queues.map(({ name }) => name) };
}

const ofType = (body: string, type: string) => message(body, { attributes: { type } });

export function testTopics(bench: Bench): void {
  describe('topics', () => {
    parallel(bench, 'each subscription gets a copy of what its filter matches', async (m) => {
      const { topic, queues } = await fanOut(m, false, [
        {},
        { type: ['completed', 'failed'] },
        { type: ['completed'], region: ['north'] },
      ]);
      await m.publish(topic, [
        ofType('1', 'running'),
        ofType('2', 'failed'),
        message('3', { attributes: { type: 'completed', region: 'north' } }),
        message('4'),
      ]);
      const [all = '', some = '', one = ''] = queues;
      expect((await new Reader(m, all).drain(4)).sort()).toEqual(['1', '2', '3', '4']);
      expect((await new Reader(m, some).drain(2)).sort()).toEqual(['2', '3']);
      const held = await new Reader(m, one).take();
      expect([held.body, held.attributes]).toEqual(['3', { type: 'completed', region: 'north' }]);
      await held.ack();
      for (const queue of queues) {
        await becomesEmpty(m, queue);
      }
    });

    parallel(bench, 'an ordered topic keeps the order of a group', async (m) => {
      const { topic, queues } = await fanOut(m, true, [{}]);
      const bodies = Array.from({ length: 25 }, (_, n) => String(n));
      await m.publish(topic, inGroup('order', ...bodies));
      expect(await new Reader(m, queues[0] ?? '', 1).drain(25)).toEqual(bodies);
    });

    parallel(bench, 'an event that is published twice arrives once', async (m) => {
      const { topic, queues } = await fanOut(m, true, [{}]);
      const event = message('event', { group: 'a', deduplicationId: 'evt_1' });
      await m.publish(topic, [event]);
      await m.publish(topic, [event]);
      await m.publish(topic, inGroup('a', 'next'));
      expect(await new Reader(m, queues[0] ?? '').drain(2)).toEqual(['event', 'next']);
    });

    parallel(bench, 'bodies of 200 KB are published, several at once', async (m) => {
      const { topic, queues } = await fanOut(m, false, [{}]);
      const bodies = ['a', 'b', 'c'].map((letter) => letter.repeat(200_000));
      await m.publish(
        topic,
        bodies.map((body) => message(body)),
      );
      expect((await new Reader(m, queues[0] ?? '').drain(3)).sort()).toEqual(bodies);
    });

    parallel(bench, 'declaring again changes a filter and doubles nothing', async (m) => {
      const { topic, topology, queues } = await fanOut(m, false, [{ type: ['old'] }]);
      const changed = topology.subscriptions.map((s) => ({ ...s, filter: { type: ['new'] } }));
      await m.declare(topology);
      await m.declare({ ...topology, subscriptions: changed });
      await m.publish(topic, [ofType('1', 'old'), ofType('2', 'new')]);
      const [queue = ''] = queues;
      expect(await new Reader(m, queue).drain(1)).toEqual(['2']);
      await becomesEmpty(m, queue);
    });
  });
}
