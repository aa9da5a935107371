import { describe, expect } from '@jest/globals';
import { type Bench, freshQueue, inGroup, message, parallel, Reader } from './harness.ts';

export function testOrder(bench: Bench): void {
  describe('ordered queues', () => {
    parallel(bench, 'a group arrives in order, one after the other', async (m) => {
      const queue = await freshQueue(m, { ordered: true, leaseSeconds: 30 });
      const bodies = Array.from({ length: 25 }, (_, n) => String(n));
      const groups = ['a', 'b', 'c'];
      const mixed = bodies.flatMap((body) => groups.flatMap((g) => inGroup(g, `${g}${body}`)));
      await m.send(queue, mixed);
      const reader = new Reader(m, queue);
      const arrived: Record<string, string[]> = { a: [], b: [], c: [] };
      for (const _ of mixed) {
        const held = await reader.take();
        arrived[held.body.slice(0, 1)]?.push(held.body.slice(1));
        await held.ack();
      }
      expect(arrived).toEqual({ a: bodies, b: bodies, c: bodies });
    });

    parallel(
      bench,
      'a later message waits behind a retried one, other groups do not',
      async (m) => {
        const queue = await freshQueue(m, { ordered: true, leaseSeconds: 30 });
        await m.send(queue, inGroup('a', 'a1', 'a2'));
        const reader = new Reader(m, queue, 1);
        const first = await reader.take();
        expect(first.body).toBe('a1');
        await m.send(queue, inGroup('b', 'b1'));
        await first.retry(1);
        expect(await reader.drain(1)).toEqual(['b1']);
        const again = await reader.take();
        expect([again.body, again.attempt]).toEqual(['a1', 2]);
        await again.ack();
        expect(await reader.drain(1)).toEqual(['a2']);
      },
    );

    parallel(bench, 'no two messages of a group are in hand at once', async (m) => {
      const queue = await freshQueue(m, { ordered: true, leaseSeconds: 30 });
      await m.send(queue, inGroup('a', 'a1', 'a2', 'a3'));
      const reader = new Reader(m, queue, 10);
      const first = await reader.take();
      await m.send(queue, inGroup('b', 'b1', 'b2'));
      const other = await reader.take();
      expect([first.body, other.body]).toEqual(['a1', 'b1']);
      await first.ack();
      const second = await reader.take();
      expect(second.body).toBe('a2');
      await Promise.all([other.ack(), second.ack()]);
      expect((await reader.drain(2)).sort()).toEqual(['a3', 'b2']);
    });

    parallel(bench, 'a later message waits behind a postponed one', async (m) => {
      const queue = await freshQueue(m, { ordered: true, leaseSeconds: 30 });
      await m.send(queue, inGroup('a', 'a1', 'a2'));
      const reader = new Reader(m, queue, 1);
      await (await reader.take()).postpone(1);
      expect(await reader.drain(2)).toEqual(['a1', 'a2']);
    });

    parallel(bench, 'a dead letter lets its group go on', async (m) => {
      const queue = await freshQueue(m, { ordered: true, leaseSeconds: 30 });
      await m.send(queue, inGroup('a', 'a1', 'a2'));
      const reader = new Reader(m, queue, 1);
      await (await reader.take()).deadLetter('for good');
      expect(await reader.drain(1)).toEqual(['a2']);
    });

    parallel(bench, 'a crash keeps the order', async (m) => {
      const queue = await freshQueue(m, { ordered: true });
      await m.send(queue, inGroup('a', 'a1', 'a2', 'a3'));
      const crashing = new Reader(m, queue, 1);
      (await crashing.take()).abandon();
      await crashing.stop();
      expect(await new Reader(m, queue, 1).drain(3)).toEqual(['a1', 'a2', 'a3']);
    });

    parallel(bench, 'a second message with the same deduplication id is dropped', async (m) => {
      const queue = await freshQueue(m, { ordered: true, leaseSeconds: 30 });
      const twice = message('once', { group: 'a', deduplicationId: 'evt_1' });
      await m.send(queue, [twice]);
      await m.send(queue, [twice]);
      await m.send(queue, inGroup('a', 'same body', 'same body'));
      expect(await new Reader(m, queue).drain(3)).toEqual(['once', 'same body', 'same body']);
    });
  });
}
