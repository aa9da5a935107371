import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from './index.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'spillway-database-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test('what a killed process was answered for is there, and its lock is not in the way', async () => {
  const program = path.join(dataDir, 'writer.mjs');
  await writeFile(
    program,
    `import { openDatabase } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)};
     const database = await openDatabase({ dataDir: ${JSON.stringify(dataDir)} });
     await database.runScript('CREATE TABLE written (n integer PRIMARY KEY)');
     for (let n = 1; ; n++) {
       await database.query('INSERT INTO written VALUES ($1)', [n]);
       process.stdout.write(n + '\\n');
     }`,
  );
  const writer = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let answered = 0;
  writer.stdout.on('data', (data: Buffer) => {
    answered = Number(data.toString().trim().split('\n').at(-1));
    if (answered > 100) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
  expect(await readFile(path.join(dataDir, 'lock'), 'utf8')).toMatch(new RegExp(`^${writer.pid}`));

  const database = await openDatabase({ dataDir });
  const [row] = await database.query<{ count: number; max: number }>(
    'SELECT count(*), max(n) FROM written',
  );
  expect(row?.max).toBeGreaterThanOrEqual(answered);
  expect(row?.count).toBe(row?.max);

  await expect(openDatabase({ dataDir })).rejects.toThrow(/in use by process \d+/);
  await database.close();
});

test('what is answered is on disk', async () => {
  const database = await openDatabase({ dataDir });
  expect(await database.query('SHOW fsync')).toEqual([{ fsync: 'on' }]);
  await database.runScript('CREATE TABLE kept (n integer)');
  const writes = Array.from({ length: 100 }, (_, n) =>
    database.query('INSERT INTO kept VALUES ($1)', [n]),
  );
  await Promise.all(writes);
  expect(
    await database.query(
      'SELECT pg_current_wal_insert_lsn() <= pg_current_wal_flush_lsn() AS flushed',
    ),
  ).toEqual([{ flushed: true }]);
  await database.close();
});

test('rows that are gone make room again, and the log begins anew', async () => {
  const database = await openDatabase({ dataDir });
  await database.runScript('CREATE TABLE queue (n integer, body text)');
  const state = async () => {
    const [row] = await database.query<{ vacuums: number; redo: string }>(
      `SELECT vacuum_count AS vacuums, (SELECT redo_lsn::text FROM pg_control_checkpoint()) AS redo
       FROM pg_stat_user_tables WHERE relname = 'queue'`,
    );
    return row ?? { vacuums: 0, redo: '' };
  };
  const { redo: before } = await state();
  for (let now = await state(); now.vacuums === 0 || now.redo === before; now = await state()) {
    await database.query(
      "INSERT INTO queue SELECT n, repeat('x', 600) FROM generate_series(1, 100) n",
    );
    await database.query('DELETE FROM queue');
  }
  await database.close();
});
