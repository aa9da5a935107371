import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import {
  type Database,
  enqueue,
  migrate,
  type OutboxMessage,
  type OutboxRelay,
  outboxDepth,
  ownMigrations,
  sqlOutbox,
  startOutboxRelay,
} from './index.ts';
import { openTestDatabase } from './testing/index.ts';

let database: Database;
let relay: OutboxRelay | undefined;
beforeAll(async () => {
  database = await openTestDatabase();
  await migrate(database, [await ownMigrations()]);
});
afterEach(async () => {
  await relay?.stop();
  await database.query('DELETE FROM outbox');
});
afterAll(() => database.close());

const message = (
  destination: string,
  body: string,
  group: string | null = null,
): OutboxMessage => ({
  destination,
  body,
  attributes: { traceparent: 'x' },
  group,
  deduplicationId: null,
});

/** A broker that notes what it got, and tells when it has got `count` messages. */
function fakeBroker(onDeliver: (destination: string, bodies: string[]) => void = () => {}) {
  const got: string[] = [];
  const waiters: { count: number; resolve: () => void }[] = [];
  return {
    got,
    has: (count: number) =>
      new Promise<void>((resolve) => {
        waiters.push({ count, resolve });
        if (got.length >= count) resolve();
      }),
    deliver: async (destination: string, messages: readonly OutboxMessage[]) => {
      const bodies = messages.map(({ body }) => body);
      onDeliver(destination, bodies);
      got.push(...bodies);
      for (const { count, resolve } of waiters) if (got.length >= count) resolve();
    },
  };
}

class Refused extends Error {}

function start(broker: ReturnType<typeof fakeBroker>): OutboxRelay {
  relay = startOutboxRelay({
    outbox: sqlOutbox(database),
    deliver: broker.deliver,
    isRejected: (error) => error instanceof Refused,
    log: createLogger('test', 'silent'),
  });
  return relay;
}

test('sends what was there before it started, in order, and empties the outbox', async () => {
  const bodies = Array.from({ length: 450 }, (_, index) => String(index));
  await enqueue(
    database,
    bodies.map((body) => message('queue:a', body, 'g')),
  );
  const broker = fakeBroker();
  start(broker);
  await broker.has(450);
  await relay?.stop();
  expect(broker.got).toEqual(bodies);
  expect(await outboxDepth(database)).toMatchObject({ waiting: 0, rejected: 0 });
});

test('a rolled back transaction sends nothing, a committed one is sent at the poke', async () => {
  const broker = fakeBroker();
  const started = start(broker);
  await expect(
    database.transaction(async (tx) => {
      await enqueue(tx, [message('queue:a', 'never')]);
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await database.transaction((tx) => enqueue(tx, [message('queue:a', 'committed')]));
  started.poke();
  await broker.has(1);
  expect(broker.got).toEqual(['committed']);
});

test('keeps the messages of a destination that is away, and goes on with the others', async () => {
  let away = true;
  const broker = fakeBroker((destination) => {
    if (away && destination === 'queue:away') throw new Error('no connection');
  });
  await enqueue(database, [message('queue:away', 'kept'), message('queue:b', 'goes on')]);
  start(broker);
  await broker.has(1);
  expect(broker.got).toEqual(['goes on']);
  away = false;
  await broker.has(2);
  expect(broker.got).toEqual(['goes on', 'kept']);
});

test('sets aside the one message that the broker will never take', async () => {
  const broker = fakeBroker((_destination, bodies) => {
    if (bodies.includes('too large')) throw new Refused('message is too large');
  });
  await enqueue(
    database,
    ['before', 'too large', 'after'].map((body) => message('queue:a', body)),
  );
  start(broker);
  await broker.has(2);
  await relay?.stop();
  expect(broker.got).toEqual(['before', 'after']);
  expect(await outboxDepth(database)).toMatchObject({ waiting: 0, rejected: 1 });
  expect(await database.query('SELECT body, rejected FROM outbox')).toEqual([
    { body: 'too large', rejected: 'message is too large' },
  ]);
});

test('two relays of one database send each message once and in order', async () => {
  const bodies = Array.from({ length: 300 }, (_, index) => String(index));
  await enqueue(
    database,
    bodies.map((body) => message('queue:a', body, 'g')),
  );
  const broker = fakeBroker();
  const other = startOutboxRelay({
    outbox: sqlOutbox(database),
    deliver: broker.deliver,
    isRejected: () => false,
    log: createLogger('test', 'silent'),
  });
  start(broker);
  await broker.has(300);
  await Promise.all([other.stop(), relay?.stop()]);
  expect(broker.got).toEqual(bodies);
});
