import type { Queryable } from './port.ts';

/**
 * Runs `work` in a transaction of a connection that nobody else uses meanwhile. A statement that failed
 * fails the whole, even if `work` did not mind: Postgres would answer COMMIT and roll back.
 */
export async function runTransaction<T>(
  connection: Queryable,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  let failure: unknown;
  const remember = (error: unknown): never => {
    failure = error;
    throw error;
  };
  const tx: Queryable = {
    query: (sql, parameters, options) =>
      connection.query<never>(sql, parameters, options).catch(remember),
    runScript: (sql) => connection.runScript(sql).catch(remember),
  };
  await connection.runScript('BEGIN');
  try {
    const result = await work(tx);
    if (failure !== undefined) throw failure;
    await connection.runScript('COMMIT');
    return result;
  } catch (error) {
    await connection.runScript('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
