import { describe, expect } from '@jest/globals';
import {
  type Bench,
  becomesEmpty,
  eventually,
  freshQueue,
  message,
  parallel,
  Reader,
} from './harness.ts';

export function testDelivery(bench: Bench): void {
  describe('delivery', () => {
    parallel(
      bench,
      'a message arrives as it was sent, and is gone when acknowledged',
      async (m) => {
        const queue = await freshQueue(m);
        const before = Date.now();
        await m.send(queue, [
          message('{"n":1}', {
            attributes: { type: 'a', plain: 'ünïcode ✓' },
            group: 'acme',
          }),
        ]);
        const reader = new Reader(m, queue);
        const held = await reader.take();
        expect(held.body).toBe('{"n":1}');
        expect(held.attributes).toEqual({ type: 'a', plain: 'ünïcode ✓' });
        expect(held.group).toBe('acme');
        expect(held.attempt).toBe(1);
        expect(held.id).not.toBe('');
        expect(Math.abs(held.sentAt.getTime() - before)).toBeLessThan(60_000);
        await held.ack();
        await reader.stop();
        await becomesEmpty(m, queue);
      },
    );

    parallel(bench, 'every character that JSON may hold arrives', async (m) => {
      const queue = await freshQueue(m);
      const text = '\u0000\u001b\u007f\ud800\uf8ff\uffef\ufffd\ufffe\uffff😀';
      await m.send(queue, [message(JSON.stringify({ text }))]);
      const held = await new Reader(m, queue).take();
      expect(JSON.parse(held.body)).toEqual({ text });
      expect(held.group).toBeNull();
      await held.ack();
    });

    parallel(bench, 'one send takes more messages than one request', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      const bodies = Array.from({ length: 137 }, (_, n) => `message ${n}`);
      await m.send(
        queue,
        bodies.map((body) => message(body)),
      );
      const arrived = await new Reader(m, queue).drain(bodies.length);
      expect(arrived.sort()).toEqual(bodies.sort());
    });

    parallel(bench, 'sending nothing is fine', async (m) => {
      const queue = await freshQueue(m);
      await m.send(queue, []);
      expect((await m.depth(queue)).waiting).toBe(0);
    });

    parallel(bench, 'bodies of 200 KB arrive whole, several in one send', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      const bodies = ['å', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) =>
        letter.repeat(200_000 / Buffer.byteLength(letter)),
      );
      await m.send(
        queue,
        bodies.map((body) => message(body)),
      );
      const arrived = await new Reader(m, queue).drain(bodies.length);
      expect(arrived.sort()).toEqual(bodies.sort());
    });

    parallel(bench, 'a consumer holds no more deliveries than its concurrency', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      await m.send(
        queue,
        Array.from({ length: 25 }, (_, n) => message(String(n))),
      );
      const reader = new Reader(m, queue, 3);
      const held = [await reader.take(), await reader.take(), await reader.take()];
      await eventually(async () => {
        const { waiting, inFlight } = await m.depth(queue);
        return waiting === 22 && inFlight === 3;
      });
      await Promise.all(held.map((delivery) => delivery.ack()));
      await reader.drain(22);
      expect(reader.mostInHand).toBe(3);
    });

    parallel(bench, 'a delayed message comes after one that was sent later', async (m) => {
      const queue = await freshQueue(m);
      const sentAt = Date.now();
      await m.send(queue, [message('late', { delaySeconds: 1 })]);
      expect((await m.depth(queue)).delayed).toBe(1);
      await m.send(queue, [message('now')]);
      const reader = new Reader(m, queue);
      expect(await reader.drain(1)).toEqual(['now']);
      const late = await reader.take();
      expect(late.takenAt - sentAt).toBeGreaterThanOrEqual(950);
      await late.ack();
    });

    parallel(bench, 'depth tells what waits, what is in hand and what is delayed', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      await m.send(queue, [message('1'), message('2'), message('3', { delaySeconds: 900 })]);
      const reader = new Reader(m, queue, 1);
      const held = await reader.take();
      await eventually(async () => {
        const { waiting, inFlight, delayed } = await m.depth(queue);
        return waiting === 1 && inFlight === 1 && delayed === 1;
      });
      await held.ack();
    });

    parallel(bench, 'stop waits for what is in hand and leaves the rest untouched', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      const first = new Reader(m, queue, 1);
      await m.send(queue, [message('in hand')]);
      const held = await first.take();
      let stopped = false;
      const stopping = first.stop().then(() => {
        stopped = true;
      });
      await m.send(queue, [message('for another')]);
      const other = await new Reader(m, queue).take();
      expect([other.body, other.attempt]).toEqual(['for another', 1]);
      await other.ack();
      expect(stopped).toBe(false);
      await held.ack();
      await stopping;
      await becomesEmpty(m, queue);
    });

    parallel(bench, 'what is sent while a waiting consumer stops is not lost', async (m) => {
      const queue = await freshQueue(m);
      const first = new Reader(m, queue);
      await m.send(queue, [message('seen')]);
      await first.drain(1);
      await Promise.all([first.stop(), m.send(queue, [message('afterwards')])]);
      expect(await new Reader(m, queue).drain(1)).toEqual(['afterwards']);
    });

    parallel(
      bench,
      'what a stopping consumer gives back, another gets without delay',
      async (m) => {
        const queue = await freshQueue(m, { leaseSeconds: 600 });
        await m.send(queue, [message('retried'), message('postponed')]);
        const first = new Reader(m, queue);
        const held = [await first.take(), await first.take()];
        const stopping = first.stop();
        await Promise.all([held[0]?.retry(0), held[1]?.postpone(0), stopping]);
        const bodies = await new Reader(m, queue).drain(2);
        expect(bodies.sort()).toEqual(['postponed', 'retried']);
      },
    );

    parallel(bench, 'declaring twice, at once and with other settings, is harmless', async (m) => {
      const queue = await freshQueue(m, { leaseSeconds: 30 });
      await m.send(queue, [message('kept')]);
      const spec = { name: queue, ordered: false, leaseSeconds: 1, maxDeliveries: 5 };
      const topology = { queues: [spec], topics: [], subscriptions: [] };
      await Promise.all([m.declare(topology), m.declare(topology)]);
      const reader = new Reader(m, queue);
      (await reader.take()).abandon();
      // The new lease of one second holds: with the old one this would take 30.
      const again = await reader.take();
      expect([again.body, again.attempt]).toEqual(['kept', 2]);
      await again.ack();
    });
  });
}
