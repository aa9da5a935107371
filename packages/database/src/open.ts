import { openPglite } from './pglite.ts';
import type { Database } from './port.ts';
import { openPostgres } from './postgres.ts';

/** `url`: `postgres://` or `postgresql://`. `dataDir`: the folder that Postgres in this process keeps its files in. */
export type DatabasePlace = { readonly url: string } | { readonly dataDir: string };

export interface OpenDatabaseOptions {
  /** Hears of what no query can be told, such as a connection that broke while idle. */
  readonly onProblem?: (error: Error) => void;
}

/** Throws a plain sentence when the folder is another process's, or the address is of another kind. */
export async function openDatabase(
  place: DatabasePlace,
  { onProblem = () => undefined }: OpenDatabaseOptions = {},
): Promise<Database> {
  if ('dataDir' in place) return openPglite(place.dataDir, onProblem);
  const scheme = place.url.split(':', 1)[0];
  if (scheme !== 'postgres' && scheme !== 'postgresql') {
    throw new Error(`DATABASE_URL must begin with postgres://, not ${scheme}:`);
  }
  return openPostgres(place.url, onProblem);
}
