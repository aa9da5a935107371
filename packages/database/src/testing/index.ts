import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../open.ts';
import type { Database } from '../port.ts';
import { testDatabaseUrl } from './config.ts';

/**
 * An empty database, removed when it is closed: PGlite in a folder of its own, or one on the Postgres
 * that `SPILLWAY_TEST_DATABASE_URL` names.
 */
export function openTestDatabase(): Promise<Database> {
  const url = testDatabaseUrl();
  return url === null ? openInFolder() : openOnServer(url);
}

async function openInFolder(): Promise<Database> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'spillway-database-'));
  const database = await openDatabase({ dataDir });
  return {
    ...database,
    async close() {
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function openOnServer(server: string): Promise<Database> {
  const { url, drop } = await createTestDatabase(server);
  const database = await openDatabase({ url });
  return {
    ...database,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** An empty database on a Postgres, for several to open; `drop` wants them closed. */
export async function createTestDatabase(
  server: string,
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const administration = await openDatabase({ url: server });
  await administration.runScript(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return {
    url: url.href,
    async drop() {
      await administration.runScript(`DROP DATABASE ${name}`);
      await administration.close();
    },
  };
}
