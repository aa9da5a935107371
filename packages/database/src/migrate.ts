import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Database, Queryable } from './port.ts';

export interface Migration {
  /** Of its owner's, from 1. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Owners number their migrations on their own. */
export interface Migrations {
  readonly owner: string;
  readonly list: readonly Migration[];
}

const FILE = /^(\d{4})-([a-z0-9-]+)\.sql$/;

/** The files `0001-name.sql` of a folder, in order. Throws at a name or a number that is wrong. */
export async function readMigrations(owner: string, folder: URL): Promise<Migrations> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const list = await Promise.all(
    files.map(async (file, index) => {
      const match = FILE.exec(file);
      if (Number(match?.[1]) !== index + 1 || !match?.[2]) {
        throw new Error(`${fileURLToPath(folder)}: ${file} is not migration ${index + 1}`);
      }
      const sql = await readFile(new URL(file, folder), 'utf8');
      return { version: index + 1, name: match[2], sql };
    }),
  );
  return { owner, list };
}

/** The tables of this package itself: the outbox. */
export const ownMigrations = (): Promise<Migrations> =>
  readMigrations('database', new URL('./migrations/', import.meta.url));

async function apply(tx: Queryable, { owner, list }: Migrations): Promise<void> {
  const rows = await tx.query<{ version: number }>(
    'SELECT version FROM schema_migrations WHERE owner = $1',
    [owner],
  );
  const done = new Set(rows.map(({ version }) => version));
  for (const { version, name, sql } of list) {
    if (done.has(version)) continue;
    await tx.runScript(sql);
    await tx.query('INSERT INTO schema_migrations (owner, version, name) VALUES ($1, $2, $3)', [
      owner,
      version,
      name,
    ]);
  }
}

/**
 * Brings the tables up to date, all or nothing, one process at a time. Versions that this program does
 * not know are a newer program's and are fine: migrations only add (law 9).
 */
export async function migrate(database: Database, ...owners: Migrations[]): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', ['migrate']);
    await tx.runScript(`CREATE TABLE IF NOT EXISTS schema_migrations (
      owner text NOT NULL,
      version integer NOT NULL,
      name text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (owner, version)
    )`);
    for (const migrations of owners) await apply(tx, migrations);
  });
}
