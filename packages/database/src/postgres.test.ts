import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import {
  enqueue,
  migrate,
  type OutboxMessage,
  openDatabase,
  ownMigrations,
  sqlOutbox,
  startOutboxRelay,
} from './index.ts';
import { testDatabaseUrl } from './testing/config.ts';
import { createTestDatabase } from './testing/index.ts';

const server = testDatabaseUrl();
const withPostgres = server === null ? describe.skip : describe;

// What only several processes of one Postgres can show; the rest is in the other files, on either.
withPostgres('two processes on one Postgres', () => {
  let created: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    created = await createTestDatabase(server ?? '');
  });
  afterAll(() => created.drop());
  const open = () => openDatabase({ url: created.url });

  test('a lock is free again when its holder is gone', async () => {
    const [holder, other] = [await open(), await open()];
    const lock = await holder.tryLock('held');
    expect(lock?.held).toBe(true);
    expect(await other.tryLock('held')).toBeNull();
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND pid <> pg_backend_pid()`,
    );
    let taken = await other.tryLock('held');
    while (!taken) taken = await other.tryLock('held');
    expect(taken.held).toBe(true);
    while (lock?.held) await other.query('SELECT 1');
    await expect(lock?.query('SELECT 1')).rejects.toMatchObject({ isPassing: true });
    expect(await taken.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await taken.release();
    await lock?.release();
    await holder.close();
    await other.close();
  });

  test('a lock whose connection broke leaves its place in the pool to others', async () => {
    const [holder, other] = [
      await openDatabase({ url: created.url }, { connections: 1 }),
      await open(),
    ];
    for (let time = 0; time < 3; time++) {
      const lock = await holder.tryLock('broken');
      expect(lock?.held).toBe(true);
      await other.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks
         WHERE locktype = 'advisory' AND pid <> pg_backend_pid()`,
      );
      while (lock?.held) await other.query('SELECT 1');
      await lock?.release();
    }
    expect(await holder.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await holder.close();
    await other.close();
  });

  test('a lock that the server gave after nobody waited for it any more is free again', async () => {
    const other = await open();
    await other.runScript(`CREATE SCHEMA slow;
      CREATE FUNCTION slow.pg_try_advisory_lock(key bigint) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_catalog.pg_try_advisory_lock(key);
        PERFORM pg_sleep(60);
        RETURN true;
      END $$`);
    const url = new URL(created.url);
    url.searchParams.set('options', '-c search_path=slow,pg_catalog');
    const hasty = await openDatabase({ url: url.href }, { connections: 1, statementSeconds: 0.1 });
    await expect(hasty.tryLock('late')).rejects.toMatchObject({ code: '57014' });
    let taken = await other.tryLock('late');
    while (!taken) {
      // A connection that is used is not closed as idle.
      await hasty.query('SELECT 1');
      taken = await other.tryLock('late');
    }
    await taken.release();
    await hasty.close();
    await other.close();
  });

  test('a statement that takes too long is given up, and its connection goes on', async () => {
    const hasty = await openDatabase(
      { url: created.url },
      { connections: 1, statementSeconds: 0.1 },
    );
    await expect(hasty.query('SELECT pg_sleep(60)')).rejects.toMatchObject({
      code: '57014',
      isPassing: true,
    });
    expect(await hasty.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await hasty.close();
  });

  test('one relay sends, in order, and the other goes on when it is gone', async () => {
    const databases = [await open(), await open()];
    const [first, second] = databases;
    if (!first || !second) throw new Error('two were opened');
    await Promise.all(databases.map(async (each) => migrate(each, [await ownMigrations()])));
    const got: string[] = [];
    const arrived = Promise.withResolvers<void>();
    const relays = databases.map((database) =>
      startOutboxRelay({
        outbox: sqlOutbox(database),
        deliver: async (_destination, messages) => {
          got.push(...messages.map(({ body }) => body));
          if (got.length >= 400) arrived.resolve();
        },
        isRejected: () => false,
        log: createLogger('test', 'silent'),
      }),
    );
    const message = (body: number): OutboxMessage => ({
      destination: 'topic:t',
      body: String(body),
      attributes: {},
      group: 'g',
      deduplicationId: String(body),
    });
    for (let body = 0; body < 200; body++) await enqueue(first, [message(body)]);
    await relays[0]?.stop();
    for (let body = 200; body < 400; body++) await enqueue(second, [message(body)]);
    await arrived.promise;
    await relays[1]?.stop();
    expect(got).toEqual(Array.from({ length: 400 }, (_, body) => String(body)));
    await first.close();
    await second.close();
  });
});
