import { openPglite } from './pglite.ts';
import type { Database } from './port.ts';
import { openPostgres } from './postgres.ts';

/** `url`: `postgres://` or `postgresql://`. `dataDir`: the folder that Postgres in this process keeps its files in. */
export type DatabasePlace = { readonly url: string } | { readonly dataDir: string };

export interface OpenDatabaseOptions {
  /** Hears of what no query can be told, such as a connection that broke while idle. */
  readonly onProblem?: (error: Error) => void;
  /** To a server, at most: 10. Two of them are kept by the locks of whoever leads. */
  readonly connections?: number;
  /** What a server may take for a statement: 30 s; 0: as long as it takes, for migrations. */
  readonly statementSeconds?: number;
}

/** Throws a plain sentence when the folder is another process's, or the address is of another kind. */
export async function openDatabase(
  place: DatabasePlace,
  {
    onProblem = () => undefined,
    connections = 10,
    statementSeconds = 30,
  }: OpenDatabaseOptions = {},
): Promise<Database> {
  if ('dataDir' in place) return openPglite(place.dataDir, onProblem);
  const scheme = place.url.split(':', 1)[0];
  if (scheme !== 'postgres' && scheme !== 'postgresql') {
    throw new Error(`DATABASE_URL must begin with postgres://, not ${scheme}:`);
  }
  return openPostgres(place.url, { onProblem, connections, statementSeconds });
}
