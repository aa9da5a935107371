import { describe, expect, test } from '@jest/globals';
import { DEAD_LETTER_REASON, deadLetterQueueOf } from '../port.ts';
import {
  type Bench,
  becomesEmpty,
  freshName,
  freshQueue,
  inGroup,
  message,
  parallel,
  Reader,
} from './harness.ts';
import type { Differences } from './types.ts';

export function testFailures(bench: Bench, differences: Differences): void {
  describe('failures', () => {
    parallel(bench, 'what a dead consumer held comes back when its lease ends', async (m) => {
      const queue = await freshQueue(m);
      await m.send(queue, [message('job')]);
      const first = new Reader(m, queue);
      const held = await first.take();
      held.abandon();
      await first.stop();
      const second = new Reader(m, queue);
      const again = await second.take();
      expect([again.id, again.body, again.attempt]).toEqual([held.id, 'job', 2]);
      expect(again.takenAt - held.takenAt).toBeGreaterThanOrEqual(800);
      await again.ack();
      // Too late, and no error.
      await held.ack();
    });

    parallel(bench, 'a lease that is extended outlives its seconds', async (m) => {
      const queue = await freshQueue(m);
      await m.send(queue, [message('long'), message('two seconds later', { delaySeconds: 2 })]);
      const reader = new Reader(m, queue);
      const long = await reader.take();
      const renewal = setInterval(() => void long.extend(1), 300);
      const next = await reader.take();
      clearInterval(renewal);
      expect([long.body, next.body, next.attempt]).toEqual(['long', 'two seconds later', 1]);
      await Promise.all([long.ack(), next.ack()]);
    });

    parallel(bench, 'a retried message comes back after its delay and counts', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      await m.send(queue, [message('again', { attributes: { type: 'a' } })]);
      const reader = new Reader(m, queue);
      const first = await reader.take();
      const retriedAt = Date.now();
      await first.retry(0.8);
      const second = await reader.take();
      expect(Date.now() - retriedAt).toBeGreaterThanOrEqual(750);
      expect([second.attempt, second.attributes]).toEqual([2, { type: 'a' }]);
      await second.retry(0);
      const third = await reader.take();
      expect(third.attempt).toBe(3);
      expect(third.sentAt).toEqual(first.sentAt);
      await third.ack();
    });

    parallel(
      bench,
      'a postponed message comes back after its delay without counting',
      async (m) => {
        const queue = await freshQueue(m, { leaseSeconds: 30 });
        await m.send(queue, [message('later', { attributes: { type: 'a' } })]);
        const reader = new Reader(m, queue);
        const first = await reader.take();
        const postponedAt = Date.now();
        await first.postpone(1);
        const second = await reader.take();
        expect(Date.now() - postponedAt).toBeGreaterThanOrEqual(950);
        expect(second.attempt).toBe(1);
        await second.retry(0);
        const third = await reader.take();
        expect(third.attempt).toBe(2);
        await third.postpone(0);
        const fourth = await reader.take();
        expect([fourth.attempt, fourth.attributes, fourth.body]).toEqual([
          2,
          { type: 'a' },
          'later',
        ]);
        expect(fourth.sentAt).toEqual(first.sentAt);
        await fourth.ack();
      },
    );

    const { orderedPostponeCounts: reason } = differences;
    const orderedPostpone = 'on an ordered queue, postponing does not count either';
    if (reason !== undefined) test.skip(`${orderedPostpone} (${reason})`, () => {});
    else
      parallel(bench, orderedPostpone, async (m) => {
        const queue = await freshQueue(m, { ordered: true });
        await m.send(queue, inGroup('a', 'later'));
        const reader = new Reader(m, queue);
        await (await reader.take()).postpone(0);
        const again = await reader.take();
        expect(again.attempt).toBe(1);
        await again.ack();
      });

    for (const ordered of [false, true]) {
      const kind = ordered ? 'ordered' : 'unordered';
      parallel(bench, `a dead letter of an ${kind} queue tells its reason`, async (m) => {
        const queue = await freshQueue(m, { ordered });
        const poison = message('poison', { attributes: { type: 'a' }, group: 'g' });
        await m.send(queue, [poison]);
        const held = await new Reader(m, queue).take();
        await held.deadLetter('the body is \u001bnot JSON');
        const dead = await new Reader(m, deadLetterQueueOf(queue)).take();
        expect(dead.body).toBe('poison');
        expect(dead.attributes).toEqual({
          type: 'a',
          [DEAD_LETTER_REASON]: expect.stringMatching(/^the body is .?not JSON$/),
        });
        expect(dead.sentAt).toEqual(held.sentAt);
        await dead.ack();
        await becomesEmpty(m, queue);
      });

      parallel(bench, `what crashes consumers of an ${kind} queue is put aside`, async (m) => {
        const queue = await freshQueue(m, { ordered, maxDeliveries: 2 });
        await m.send(queue, [message('crash', { group: 'g' }), message('fine', { group: 'h' })]);
        const reader = new Reader(m, queue);
        const crashed: number[] = [];
        for (let seen = 0; seen < 3; seen++) {
          const held = await reader.take();
          if (held.body === 'fine') await held.ack();
          else {
            crashed.push(held.attempt);
            held.abandon();
          }
        }
        const dead = await new Reader(m, deadLetterQueueOf(queue)).take();
        expect([dead.body, dead.attributes]).toEqual(['crash', {}]);
        expect(crashed).toEqual([1, 2]);
        await dead.ack();
      });
    }

    parallel(bench, 'a dead letter that is sent again is a new message', async (m) => {
      const queue = await freshQueue(m);
      await m.send(queue, [message('dead', { attributes: { type: 'a' } })]);
      const reader = new Reader(m, queue);
      await (await reader.take()).retry(0);
      await (await reader.take()).deadLetter('nobody could');
      const dead = await new Reader(m, deadLetterQueueOf(queue)).take();
      await m.send(queue, [message(dead.body, { attributes: dead.attributes })]);
      await dead.ack();
      const again = await reader.take();
      expect([again.body, again.attempt, again.attributes.type]).toEqual(['dead', 1, 'a']);
      await again.ack();
      await becomesEmpty(m, deadLetterQueueOf(queue));
    });

    parallel(bench, 'an unknown queue or topic is not_found', async (m) => {
      const name = freshName('nowhere');
      const notFound = { name: 'MessagingError', code: 'not_found' };
      await expect(m.send(name, [message('x')])).rejects.toMatchObject(notFound);
      await expect(m.publish(name, [message('x')])).rejects.toMatchObject(notFound);
      await expect(m.depth(name)).rejects.toMatchObject(notFound);
    });

    parallel(bench, 'a message that the port does not allow is rejected', async (m) => {
      const unordered = await freshQueue(m);
      const ordered = await freshQueue(m, { ordered: true });
      const rejected = { name: 'MessagingError', code: 'rejected' };
      const attributes = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`a${n}`, 'x']));
      await expect(m.send(unordered, [message('x', { attributes })])).rejects.toMatchObject(
        rejected,
      );
      await expect(m.send(ordered, [message('no group')])).rejects.toMatchObject(rejected);
      await expect(m.send(unordered, [message('x', { delaySeconds: 901 })])).rejects.toMatchObject(
        rejected,
      );
    });
  });
}
