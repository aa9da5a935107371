import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, DatabaseError, openDatabase } from './index.ts';
import { openTestDatabase } from './testing/index.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.runScript(`
    CREATE TABLE thing (id bigint PRIMARY KEY, name text, made timestamptz, tags jsonb);
    CREATE UNIQUE INDEX thing_name ON thing (name);
  `);
});
afterAll(() => database.close());

const namesLike = async (pattern: string): Promise<string[]> => {
  const rows = await database.query<{ name: string }>(
    'SELECT name FROM thing WHERE name LIKE $1 ORDER BY id',
    [pattern],
  );
  return rows.map(({ name }) => name);
};

test('gives bigint as a number, timestamptz as a Date and jsonb as its value', async () => {
  const made = new Date('2026-11-23T05:00:00.123Z');
  await database.query('INSERT INTO thing VALUES ($1, $2, $3, $4)', [
    7,
    'types',
    made,
    JSON.stringify({ a: [1] }),
  ]);
  expect(await database.query('SELECT id, name, made, tags FROM thing WHERE id = 7')).toEqual([
    { id: 7, name: 'types', made, tags: { a: [1] } },
  ]);
});

test('an error keeps its SQLSTATE and its constraint', async () => {
  await database.query("INSERT INTO thing (id, name) VALUES (1, 'once')");
  const again = database.query("INSERT INTO thing (id, name) VALUES (2, 'once')");
  await expect(again).rejects.toBeInstanceOf(DatabaseError);
  await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'thing_name' });
});

test('commits what its work did, and rolls back when it throws', async () => {
  await database.transaction(async (tx) => {
    await tx.query("INSERT INTO thing (id, name) VALUES (20, 'tx-kept')");
  });
  const failing = database.transaction(async (tx) => {
    await tx.query("INSERT INTO thing (id, name) VALUES (21, 'tx-dropped')");
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await namesLike('tx-%')).toEqual(['tx-kept']);
});

test('a statement that failed rolls back, although its transaction went on', async () => {
  const minding = database.transaction(async (tx) => {
    await tx.query("INSERT INTO thing (id, name) VALUES (25, 'tx-before')");
    await tx.query('SELECT 1/0').catch(() => undefined);
  });
  await expect(minding).rejects.toThrow('division by zero');
  expect(await namesLike('tx-before')).toEqual([]);
});

test('a column that a newer program adds does not disturb prepared statements', async () => {
  const read = () => database.query('SELECT id FROM thing WHERE id = $1', [7]);
  const before = await read();
  await database.runScript('ALTER TABLE thing ADD COLUMN newer text');
  expect(await read()).toEqual(before);
});

test('statements of others never fall into a transaction', async () => {
  const failing = [30, 40, 50].map((id) =>
    database.transaction(async (tx) => {
      await tx.query('INSERT INTO thing (id, name) VALUES ($1, $2)', [id, `mixed-${id}`]);
      await tx.query('SELECT 1');
      throw new Error('rolled back');
    }),
  );
  const alone = [31, 32, 41, 42, 51, 52].map((id) =>
    database.query('INSERT INTO thing (id, name) VALUES ($1, $2)', [id, `mixed-${id}`]),
  );
  await Promise.allSettled([...failing, ...alone]);
  expect(await namesLike('mixed-%')).toEqual([31, 32, 41, 42, 51, 52].map((id) => `mixed-${id}`));
});

test('a lock has one holder at a time', async () => {
  const lock = await database.tryLock('one');
  expect(lock?.held).toBe(true);
  expect(await database.tryLock('one')).toBeNull();
  const other = await database.tryLock('other');
  expect(other).not.toBeNull();
  await other?.release();
  await lock?.release();
  const next = await database.tryLock('one');
  expect(next).not.toBeNull();
  await next?.release();
});

test('a scheme that is not Postgres is refused in words', async () => {
  await expect(openDatabase({ url: 'mysql://root@db/x' })).rejects.toThrow(/postgres:\/\//);
});
