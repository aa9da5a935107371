import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Database, migrate } from '@spillway/database';
import { openTestDatabase } from '@spillway/database/testing';
import { orderApiMigrations } from './migrations.ts';
import { untilMigrated } from './schema.ts';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

test('waits for what the database lacks, says it once, and goes on when it is there', async () => {
  const migrations = await orderApiMigrations();
  const older = migrations.map(({ owner, list }) => ({
    owner,
    list: owner === 'order-api' ? list.slice(0, -1) : list,
  }));
  await migrate(database, older);
  const newest = migrations.at(-1)?.list.at(-1)?.name ?? '';
  const heard: string[] = [];
  const first = Promise.withResolvers<void>();
  const migrated = untilMigrated(database, (reason) => {
    heard.push(reason);
    first.resolve();
  });
  await first.promise;
  expect(heard).toEqual([expect.stringContaining(newest)]);
  expect(heard[0]).toContain('`migrate`');
  await migrate(database, migrations);
  await migrated;
  expect(heard).toHaveLength(1);
});

test('an empty database lacks everything, and a newer one nothing', async () => {
  const migrations = await orderApiMigrations();
  const [own] = migrations;
  if (!own) throw new Error('there are migrations');
  const newer = { version: own.list.length + 1, name: 'newer', sql: 'CREATE TABLE newer ();' };
  const first = Promise.withResolvers<string>();
  const migrated = untilMigrated(database, first.resolve);
  expect(await first.promise).toContain('database/0001-outbox, order-api/0001-orders');
  await migrate(database, [{ ...own, list: [...own.list, newer] }, ...migrations.slice(1)]);
  await migrated;
});
