import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BrokerEvent } from '../options.ts';
import type { Receipt } from '../queue/engine.ts';
import type { Queue } from '../queue/queue.ts';
import { attributeDefaults } from '../queue/settings.ts';
import { FolderLockedError, lockFolder } from './lock.ts';
import { openStore, type Store } from './open.ts';

let folder: string;
let time = 1_000_000;
const events: BrokerEvent[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-store-'));
  events.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(): Store {
  return openStore({
    folder,
    durable: true,
    now: () => time,
    arnOf: (name) => `arn:${name}`,
    report: (event) => events.push(event),
    maxSegmentBytes: 1024 * 1024,
  });
}

function createQueue({ engine }: Store, name: string): Queue {
  const attributes = { ...attributeDefaults };
  const document = { number: engine.messages.takeSequence(), name, attributes, tags: {} };
  return engine.queues.save({ ...document, createdAt: 0, modifiedAt: 0 });
}

function send({ engine }: Store, queue: Queue, body: string, dedupKey = ''): number {
  const id = body.slice(0, 36).padStart(36, '0');
  const content = { id, md5: '0'.repeat(32), body, group: '', dedupKey, meta: '', delay: 0 };
  return engine.send(queue, content);
}

function receive({ engine }: Store, queue: Queue, max = 1) {
  return engine.receive(queue, max, 60_000).map((slot) => {
    const { sequence, receives, body } = engine.messages.read(slot);
    return { body, receipt: { queue: queue.number, slot, sequence, receives } };
  });
}

/** Compaction runs beside the load: it has caught up when it is no longer due. */
async function caughtUp({ compactor }: Store): Promise<void> {
  while (compactor.isDue) {
    compactor.runIfDue();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const segments = () => readdirSync(folder).filter((name) => name.endsWith('.log'));
const bytesOnDisk = () =>
  segments().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

describe('compaction while running', () => {
  test('gives space back and keeps old messages, leases, deduplication and dead-letter sources', async () => {
    let store = open();
    const kept = createQueue(store, 'kept');
    const busy = createQueue(store, 'busy');
    const dead = createQueue(store, 'dead.fifo');
    for (const body of ['old 1', 'old 2', 'old 3']) send(store, kept, body);
    const [leased] = receive(store, kept);
    store.engine.messages.sources.set(1, 'arn:source');
    send(store, dead, 'once', 'qonce');
    const [once] = receive(store, dead);
    if (once) store.engine.remove(dead, once.receipt);
    // Some 100 MB go through a store whose segments have 1 MB.
    for (let round = 0; round < 100; round += 1) {
      for (let sent = 0; sent < 10; sent += 1) send(store, busy, 'x'.repeat(100_000));
      for (const { receipt } of receive(store, busy, 10)) store.engine.remove(busy, receipt);
      await store.log.written();
    }
    await caughtUp(store);
    await store.close();
    expect(bytesOnDisk()).toBeLessThan(60 * 1024 * 1024);

    store = open();
    const recovered = store.engine.queues.get('kept') as Queue;
    expect(receive(store, recovered, 10).map(({ body }) => body)).toEqual(['old 2', 'old 3']);
    expect(store.engine.messages.sources.get(1)).toBe('arn:source');
    if (leased) expect(store.engine.remove(recovered, leased.receipt)).toBe('removed');
    const dedup = (store.engine.queues.get('dead.fifo') as Queue).dedup;
    expect(dedup.find('once', '', false, time)).toBeDefined();
    expect(dedup.find('once', '', false, time + 300_001)).toBeUndefined();
    await store.close();
  });

  test('loses nothing in a burst that fills segments faster than they can be prepared', async () => {
    let store = open();
    const queue = createQueue(store, 'queue');
    // All in one turn of the event loop: nothing is written, nor prepared, before the last send.
    const kept: Receipt[] = [];
    for (let sent = 0; sent < 300; sent += 1) {
      send(store, queue, String(sent).padEnd(50_000, 'x'));
      const [taken] = receive(store, queue);
      if (taken && sent % 10 === 0) kept.push(taken.receipt);
      else if (taken) store.engine.remove(queue, taken.receipt);
    }
    await caughtUp(store);
    for (const receipt of kept) store.engine.changeVisibility(queue, receipt, 0);
    const numbers = (bodies: { body: string }[]) =>
      bodies.map(({ body }) => Number.parseInt(body, 10));
    const expected = Array.from({ length: 30 }, (_, index) => index * 10);
    expect(numbers(receive(store, queue, 300))).toEqual(expected);
    await store.close();
    time += 60_000;
    store = open();
    const recovered = store.engine.queues.get('queue') as Queue;
    expect(numbers(receive(store, recovered, 300))).toEqual(expected);
    expect(events).toEqual([]);
    await store.close();
  });

  test('comes to an end although sends that are remembered for duplicates are most of the log', async () => {
    const store = open();
    const queue = createQueue(store, 'busy.fifo');
    for (let sent = 0; sent < 10_000; sent += 1) {
      send(store, queue, String(sent), `q${sent}`);
      for (const { receipt } of receive(store, queue)) store.engine.remove(queue, receipt);
    }
    await store.log.written();
    await caughtUp(store);
    expect(queue.dedup.find('0', '', false, time)).toBeDefined();
    expect(store.engine.liveBytes).toBeGreaterThan(1024 * 1024);
    await store.close();
  });

  test('never gives a sequence number out twice, although nothing of it is left', async () => {
    let store = open();
    const queue = createQueue(store, 'queue');
    const last = send(store, queue, 'gone');
    for (const { receipt } of receive(store, queue)) store.engine.remove(queue, receipt);
    await store.close();
    for (let start = 0; start < 20; start += 1) {
      store = open();
      await store.close();
    }
    store = open();
    expect(send(store, store.engine.queues.get('queue') as Queue, 'next')).toBeGreaterThan(last);
    await store.close();
  });
});

describe('a start', () => {
  test('gives a new queue a number of its own, although nothing was sent before', async () => {
    const before = open();
    const old = createQueue(before, 'old');
    await before.close();
    const store = open();
    expect(createQueue(store, 'new').number).toBeGreaterThan(old.number);
    await store.close();
    const again = open();
    expect([...again.engine.queues.all()].map(({ name }) => name)).toEqual(['old', 'new']);
    await again.close();
  });
});

describe('a full disk', () => {
  test('compaction leaves room for the removals that make the store smaller', async () => {
    const store = open();
    const kept = createQueue(store, 'kept');
    const busy = createQueue(store, 'busy');
    const fill = async (bytes: number, times: number) => {
      for (let sent = 0; sent < times; sent += 1) {
        send(store, busy, 'x'.repeat(bytes));
        for (const { receipt } of receive(store, busy)) store.engine.remove(busy, receipt);
        await store.log.written();
      }
    };
    // Two segments, a quarter of them dead, but nearly nothing of the first.
    for (let sent = 0; sent < 1280; sent += 1) send(store, kept, 'x'.repeat(1000));
    await fill(100_000, 5);
    while (segments().length < 3) await new Promise((resolve) => setImmediate(resolve));
    mkdirSync(join(folder, 'prepared', 'in the way'), { recursive: true });
    mkdirSync(join(folder, '00000004.log'));
    await expect(fill(10_000, 1000)).rejects.toThrow('no space');
    await store.compactor.stop();
    for (const { receipt } of receive(store, kept, 100)) store.engine.remove(kept, receipt);
    await store.log.written();
    expect(kept).toMatchObject({ waiting: 1180, inFlight: 0 });
    expect(events).toContainEqual(expect.objectContaining({ message: 'compaction failed' }));
    await store.close();
  });

  test('refuses sends, still takes receives and removals, and goes on when there is space', async () => {
    const store = open();
    const queue = createQueue(store, 'queue');
    mkdirSync(join(folder, 'prepared', 'in the way'), { recursive: true }); // no segment can be made
    let sent = 0;
    const fill = async () => {
      for (;;) {
        send(store, queue, 'x'.repeat(10_000));
        sent += 1;
        await store.log.written();
      }
    };
    await expect(fill()).rejects.toThrow();
    expect(events).toMatchObject([{ level: 'error' }]);
    expect(sent).toBeGreaterThan(10);
    const taken = receive(store, queue, 10);
    for (const { receipt } of taken) expect(store.engine.remove(queue, receipt)).toBe('removed');
    await store.log.written();
    expect(queue.waiting).toBe(sent - 10);
    await store.close();

    rmSync(join(folder, 'prepared'), { recursive: true, force: true });
    const again = open();
    const recovered = again.engine.queues.get('queue') as Queue;
    expect(recovered.waiting).toBe(sent - 10);
    send(again, recovered, 'x');
    await again.close();
  });
});

describe('the lock of a folder', () => {
  test('refuses a second owner and is free after its release', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(FolderLockedError);
    await lock.release();
    const again = await lockFolder(folder);
    await again.release();
  });

  test('works in a folder whose path is longer than a socket address', async () => {
    const deep = join(folder, 'd'.repeat(120));
    mkdirSync(deep);
    const lock = await lockFolder(deep);
    await expect(lockFolder(deep)).rejects.toThrow(FolderLockedError);
    await lock.release();
  });
});
