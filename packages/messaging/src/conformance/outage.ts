import { describe, expect, test } from '@jest/globals';
import { abandonAll, becomesEmpty, freshName, freshQueue, message, Reader } from './harness.ts';
import type { OpenedMessaging } from './types.ts';

/** Not beside the others: each stops the broker, or the driver. */
export function testOutage(open: () => Promise<OpenedMessaging>): void {
  const alone = (title: string, run: (opened: OpenedMessaging) => Promise<void>) =>
    test(title, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        abandonAll();
        await opened.close();
      }
    });

  describe('the end of a program', () => {
    alone('close waits for what is in hand, whose answer counts', async (opened) => {
      const { messaging, another } = opened;
      const queue = await freshQueue(messaging, { leaseSeconds: 30 });
      await messaging.send(queue, [message('in hand'), message('waiting')]);
      const reader = new Reader(messaging, queue, 1);
      const held = await reader.take();
      let closed = false;
      const closing = messaging.close().then(() => {
        closed = true;
      });
      const other = another();
      const others = new Reader(other, queue);
      const rest = await others.take();
      expect([rest.id === held.id, rest.attempt, closed]).toEqual([false, 1, false]);
      await Promise.all([held.ack(), rest.ack()]);
      await closing;
      const again = others.take().then(({ body, attempt }) => `${body}, attempt ${attempt}`);
      const nothing = becomesEmpty(other, queue).then(() => 'nothing');
      expect(await Promise.race([again, nothing])).toBe('nothing');
    });
  });

  describe('outages', () => {
    alone('a restart of the broker loses nothing that was sent', async ({ messaging, outage }) => {
      const queue = await freshQueue(messaging);
      const bodies = Array.from({ length: 40 }, (_, n) => String(n));
      await messaging.send(
        queue,
        bodies.map((body) => message(body)),
      );
      const reader = new Reader(messaging, queue, 4);
      const seen = new Set(await reader.drain(15));
      await outage(async () => {});
      await messaging.send(queue, [message('after')]);
      while (seen.size < bodies.length + 1) {
        const held = await reader.take();
        seen.add(held.body);
        await held.ack();
      }
      expect([...seen].sort()).toEqual([...bodies, 'after'].sort());
    });

    alone('while the broker is away, sending fails as unavailable', async (opened) => {
      const { messaging, outage } = opened;
      const queue = await freshQueue(messaging);
      const topic = freshName('topic');
      await messaging.declare({
        queues: [],
        topics: [{ name: topic, ordered: false }],
        subscriptions: [],
      });
      const unavailable = { name: 'MessagingError', code: 'unavailable' };
      await outage(async () => {
        await expect(messaging.send(queue, [message('x')])).rejects.toMatchObject(unavailable);
        await expect(messaging.publish(topic, [message('x')])).rejects.toMatchObject(unavailable);
        await expect(messaging.depth(queue)).rejects.toMatchObject(unavailable);
      });
      await messaging.send(queue, [message('back')]);
      expect(await new Reader(messaging, queue).drain(1)).toEqual(['back']);
    });

    alone('a consumer that waits is taken up again by itself', async ({ messaging, outage }) => {
      const queue = await freshQueue(messaging);
      const reader = new Reader(messaging, queue);
      await outage(async () => {});
      await messaging.send(queue, [message('hello')]);
      expect(await reader.drain(1)).toEqual(['hello']);
    });
  });
}
