import { createHash } from 'node:crypto';
import pg from 'pg';
import { connectionTo } from './authorities.ts';
import { type Database, DatabaseError, type Queryable, type SessionLock } from './port.ts';
import { runTransaction } from './transaction.ts';

const INT8 = 20;
const parseInt8 = (text: string): number => Number(text);

/** `bigint` as a number, as PGlite gives it; ours stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === INT8 && format !== 'binary'
      ? parseInt8
      : pg.types.getTypeParser(id, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/** A lock's holder that has lost the network is noticed within a minute, and the lock is free. */
const KEEPALIVE =
  '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3';

type Runner = Pick<pg.ClientBase, 'query'>;

const names = new Map<string, string>();

/** A statement is prepared once a connection, under this name: planning ours takes longer than running them. */
function nameOf(sql: string): string {
  const name = names.get(sql) ?? createHash('sha256').update(sql).digest('base64url');
  names.set(sql, name);
  return name;
}

function queryableOf(runner: Runner): Queryable {
  const run = async (query: pg.QueryConfig) => {
    try {
      return await runner.query(query);
    } catch (error) {
      const { message, code, constraint } = error as Error & Partial<Record<string, string>>;
      throw new DatabaseError(message, { code, constraint }, { cause: error });
    }
  };
  return {
    query: async <T extends object>(sql: string, parameters: readonly unknown[] = []) =>
      (await run({ name: nameOf(sql), text: sql, values: [...parameters] })).rows as T[],
    // Without a name and parameters pg uses the simple protocol, which takes several statements.
    runScript: async (sql) => void (await run({ text: sql })),
  };
}

/**
 * A connection that is nobody else's until `release`. One that breaks while it is silent says so by an
 * event, which would end the process if nobody listened; its next statement fails anyhow.
 */
async function connect(
  pool: pg.Pool,
  onBroken: () => void = () => {},
): Promise<Queryable & { release(destroy?: boolean): void }> {
  const client = await pool.connect().catch((error: Error & { code?: string }) => {
    throw new DatabaseError(error.message, { code: error.code }, { cause: error });
  });
  client.on('error', onBroken);
  return {
    ...queryableOf(client),
    release(destroy = false) {
      client.off('error', onBroken);
      client.release(destroy);
    },
  };
}

async function transactionOn<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const connection = await connect(pool);
  let failed = true;
  try {
    const result = await runTransaction(connection, work);
    failed = false;
    return result;
  } finally {
    // After a failure nobody knows whether the connection has its transaction behind it.
    connection.release(failed);
  }
}

/** A session's advisory lock, on a connection of its own: Postgres frees it when its holder is gone. */
async function lockOn(pool: pg.Pool, name: string): Promise<SessionLock | null> {
  let held = false;
  // The next holder may be this process again, on another connection.
  const lose = () => {
    if (held) connection.release(true);
    held = false;
  };
  const connection = await connect(pool, lose);
  const ask = async (lock: string): Promise<boolean> => {
    const sql = `SELECT ${lock}(hashtextextended($1, 0)) AS done`;
    return (await connection.query<{ done: boolean }>(sql, [name]))[0]?.done === true;
  };
  try {
    held = await ask('pg_try_advisory_lock');
  } catch (error) {
    // The server may still give the lock to that session, which would keep it for nobody.
    connection.release(true);
    throw error;
  }
  if (!held) {
    connection.release();
    return null;
  }
  return {
    get held() {
      return held;
    },
    async query<T extends object>(sql: string, parameters: readonly unknown[] = []) {
      if (!held) throw new DatabaseError(`The lock ${name} is not held any more.`, {});
      return connection.query<T>(sql, parameters).catch((error: DatabaseError) => {
        // A line that went dead without a word would be waited for again and again.
        if (error.isPassing) lose();
        throw error;
      });
    },
    async release() {
      if (!held) return;
      held = false;
      const free = await ask('pg_advisory_unlock').catch(() => false);
      // The end of a session frees its locks, whatever else went wrong.
      connection.release(!free);
    },
  };
}

export interface PostgresOptions {
  /** Hears of connections that broke idle. */
  readonly onProblem: (error: Error) => void;
  /** At most so many. */
  readonly connections: number;
  /** The server gives a statement up after so long; 0: never. */
  readonly statementSeconds: number;
}

/** So long after the server should have given a statement up, it is taken for dead, or for unreachable. */
const SILENCE_MS = 5_000;

/** Postgres by a pool of connections. */
export async function openPostgres(
  url: string,
  { onProblem, connections, statementSeconds }: PostgresOptions,
): Promise<Database> {
  const statementMs = statementSeconds * 1000;
  const pool = new pg.Pool({
    ...connectionTo(url),
    types,
    options: KEEPALIVE,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    max: connections,
    ...(statementMs > 0 && {
      statement_timeout: statementMs,
      query_timeout: statementMs + SILENCE_MS,
    }),
  });
  pool.on('error', onProblem);
  return {
    ...queryableOf(pool),
    isShared: true,
    transaction: (work) => transactionOn(pool, work),
    tryLock: (name) => lockOn(pool, name),
    close: () => pool.end(),
  };
}
