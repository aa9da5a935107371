import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, type Migrations, migrate, readMigrations } from './index.ts';
import { openTestDatabase } from './testing/index.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const first = { version: 1, name: 'first', sql: 'CREATE TABLE steps (step integer);' };
const second = {
  version: 2,
  name: 'second',
  sql: 'INSERT INTO steps VALUES (2); INSERT INTO steps VALUES (22);',
};
const owned = (...list: Migrations['list']): Migrations => ({ owner: 'test', list });

test('applies what is missing, once, also when two processes start together', async () => {
  await Promise.all([migrate(database, [owned(first)]), migrate(database, [owned(first, second)])]);
  await migrate(database, [owned(first, second)]);
  expect(await database.query('SELECT step FROM steps ORDER BY step')).toEqual([
    { step: 2 },
    { step: 22 },
  ]);
});

test('a newer schema than the program knows is fine', async () => {
  await migrate(database, [owned(first, second)]);
  await expect(migrate(database, [owned(first)])).resolves.toEqual([]);
});

test('one that fails leaves nothing behind', async () => {
  const broken = { version: 3, name: 'broken', sql: 'DELETE FROM steps; SELECT 1/0;' };
  await expect(migrate(database, [owned(first, second, broken)])).rejects.toThrow(
    'test/0003-broken: division by zero',
  );
  expect(await database.query('SELECT step FROM steps')).toHaveLength(2);
});

test('files must be numbered without a gap', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'spillway-migrations-'));
  await writeFile(path.join(folder, '0001-one.sql'), 'SELECT 1');
  await writeFile(path.join(folder, '0003-three.sql'), 'SELECT 3');
  const reading = readMigrations('test', pathToFileURL(`${folder}/`));
  await expect(reading).rejects.toThrow('0003-three.sql is not migration 2');
  await rm(folder, { recursive: true });
});
