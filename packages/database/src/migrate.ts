import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Database, DatabaseError, type Queryable } from './port.ts';

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

/** `order-api/0002-retry-and-sweep`, as messages name it. */
const nameOf = (owner: string, { version, name }: Omit<Migration, 'sql'>): string =>
  `${owner}/${String(version).padStart(4, '0')}-${name}`;

async function versionsOf(queryable: Queryable, owner: string): Promise<Set<number>> {
  const rows = await queryable.query<{ version: number }>(
    'SELECT version FROM schema_migrations WHERE owner = $1',
    [owner],
  );
  return new Set(rows.map(({ version }) => version));
}

async function apply(tx: Queryable, { owner, list }: Migrations): Promise<string[]> {
  const done = await versionsOf(tx, owner);
  const missing = list.filter(({ version }) => !done.has(version));
  for (const { version, name, sql } of missing) {
    try {
      await tx.runScript(sql);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`${nameOf(owner, { version, name })}: ${message}`, { cause: error });
    }
    await tx.query('INSERT INTO schema_migrations (owner, version, name) VALUES ($1, $2, $3)', [
      owner,
      version,
      name,
    ]);
  }
  return missing.map((migration) => nameOf(owner, migration));
}

/**
 * How long a migration waits for a table that another transaction uses: whoever comes after it waits behind
 * it, so that a flood of orders would stand still for as long.
 */
const TABLE_WAIT = '10s';

/**
 * Brings the tables up to date, all or nothing, and says which migrations that took. One process at a
 * time: others wait. Versions that this program does not know are a newer program's and are fine:
 * migrations only add (law 9).
 */
export async function migrate(
  database: Database,
  owners: readonly Migrations[],
): Promise<string[]> {
  return database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', ['migrate']);
    await tx.runScript(`SET LOCAL lock_timeout = '${TABLE_WAIT}';
    CREATE TABLE IF NOT EXISTS schema_migrations (
      owner text NOT NULL,
      version integer NOT NULL,
      name text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (owner, version)
    )`);
    const applied: string[] = [];
    for (const migrations of owners) applied.push(...(await apply(tx, migrations)));
    return applied;
  });
}

const UNDEFINED_TABLE = '42P01';

/** What `migrate` would apply; changes nothing. Throws `DatabaseError`. */
export async function missingMigrations(
  database: Queryable,
  owners: readonly Migrations[],
): Promise<string[]> {
  const missing = owners.map(async ({ owner, list }) => {
    const done = await versionsOf(database, owner).catch((error: unknown) => {
      if (error instanceof DatabaseError && error.code === UNDEFINED_TABLE) return new Set();
      throw error;
    });
    return list.filter(({ version }) => !done.has(version)).map((one) => nameOf(owner, one));
  });
  return (await Promise.all(missing)).flat();
}
