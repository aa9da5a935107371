import { describe, expect, test } from '@jest/globals';
import {
  type Bench,
  eventually,
  freshName,
  freshQueue,
  inGroup,
  message,
  parallel,
  Reader,
} from './harness.ts';
import type { Differences } from './types.ts';

const CROWD = 10_000;
/** Whoever waits alone is served within so many receives, however many another has waiting. */
const SOON = 5;

const bodies = (what: string, count: number) => Array.from({ length: count }, () => what);

export function testFairness(bench: Bench, { unfairGroups: reason }: Differences): void {
  const fair: typeof parallel =
    reason === undefined
      ? parallel
      : (_bench, title) => test.skip(`${title} (${reason})`, () => {});

  describe('groups on unordered queues', () => {
    fair(bench, 'a single message does not wait behind the ten thousand of another', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      await m.send(queue, inGroup('crowd', ...bodies('crowd', CROWD)));
      await m.send(queue, inGroup('single', 'single'));
      const reader = new Reader(m, queue, 1);
      expect(await reader.drain(SOON)).toContain('single');
      expect((await m.depth(queue)).waiting).toBeGreaterThan(CROWD - 2 * SOON);
    });

    fair(bench, 'it does not when the other holds every consumer, either', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      await m.send(queue, inGroup('crowd', ...bodies('crowd', 200)));
      const reader = new Reader(m, queue, 40);
      const held = [];
      while (held.length < 40) held.push(await reader.take());
      await m.send(queue, inGroup('single', 'single'));
      await Promise.all(held.map((delivery) => delivery.ack()));
      expect(await reader.drain(SOON)).toContain('single');
    });

    fair(bench, 'a postponed message keeps its group', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      await m.send(queue, inGroup('crowd', ...bodies('crowd', 30)));
      await m.send(queue, inGroup('single', 'single'));
      const first = new Reader(m, queue, 31);
      const held = [];
      while (held.length < 31) held.push(await first.take());
      const stopping = first.stop();
      // The single one comes last, were they all of one group.
      held.sort((a, b) => a.body.localeCompare(b.body));
      for (const delivery of held) await delivery.postpone(0);
      await stopping;
      await eventually(async () => (await m.depth(queue)).waiting === 31);
      expect(await new Reader(m, queue, 1).drain(SOON)).toContain('single');
    });

    parallel(bench, 'a group may be any text, and may be left out', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      const groups = ['', 'Zoë & Cø', 'x'.repeat(300), '\ud800', 'a'];
      await m.send(queue, [
        message('none'),
        ...groups.map((group, n) => message(`${n}`, { group })),
      ]);
      const arrived = await new Reader(m, queue).drain(groups.length + 1);
      expect(arrived.sort()).toEqual(['0', '1', '2', '3', '4', 'none']);
    });

    parallel(
      bench,
      'a message with a group may be published, postponed and put aside',
      async (m) => {
        const queue = await freshQueue(m, { leaseSeconds: 30 });
        const topic = freshName('topic');
        await m.declare({
          queues: [{ name: queue, ordered: false, leaseSeconds: 30, maxDeliveries: 20 }],
          topics: [{ name: topic, ordered: false }],
          subscriptions: [{ topic, queue, filter: {} }],
        });
        await m.publish(topic, [message('x', { group: 'Zoë' })]);
        const reader = new Reader(m, queue);
        await (await reader.take()).postpone(0);
        await (await reader.take()).deadLetter('for good');
        const dead = await new Reader(m, `${queue}-dlq`).take();
        expect(dead.body).toBe('x');
        await dead.ack();
      },
    );
  });

  describe('groups on ordered queues', () => {
    parallel(bench, 'a group may be any text', async (m) => {
      const queue = await freshQueue(m, { ordered: true, leaseSeconds: 30 });
      for (const group of ['Zoë & Cø', 'Zoë & Cö', 'x'.repeat(300)]) {
        await m.send(queue, inGroup(group, `${group} 1`, `${group} 2`));
      }
      const arrived = await new Reader(m, queue).drain(6);
      for (const group of ['Zoë & Cø', 'Zoë & Cö', 'x'.repeat(300)]) {
        const ofGroup = arrived.filter((body) => body.startsWith(`${group} `));
        expect(ofGroup).toEqual([`${group} 1`, `${group} 2`]);
      }
    });
  });
}
