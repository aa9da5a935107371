import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../open.ts';
import type { Database } from '../port.ts';

/** An empty database in a folder of its own, removed when it is closed. */
export async function openTestDatabase(): Promise<Database> {
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
