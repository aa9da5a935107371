import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { lockFolder } from './folder-lock.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSettings } from './pglite-protocol.ts';
import {
  type Database,
  DatabaseError,
  type Queryable,
  type QueryOptions,
  type SessionLock,
} from './port.ts';
import { runTransaction } from './transaction.ts';

interface Waiting {
  resolve(rows: unknown[]): void;
  reject(error: Error): void;
}

type Ask = (
  kind: WorkerRequest['kind'],
  sql?: string,
  parameters?: readonly unknown[],
  durable?: boolean,
) => Promise<unknown[]>;

/** The worker answers in the order it is asked: one connection. */
async function startWorker(
  settings: WorkerSettings,
  onProblem: (error: Error) => void,
): Promise<Ask> {
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), {
    workerData: settings,
  });
  const waiting = new Map<number, Waiting>();
  let dead: DatabaseError | null = null;
  let lastId = 0;
  const opened = Promise.withResolvers<void>();
  const hear = (answer: WorkerAnswer): void => {
    if (answer.id === 0 && 'rows' in answer) opened.resolve();
    else if (answer.id === 0 && 'error' in answer) onProblem(new Error(answer.error.message));
    const caller = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('rows' in answer) caller?.resolve(answer.rows);
    else caller?.reject(new DatabaseError(answer.error.message, answer.error));
  };
  worker.on('message', (answers: WorkerAnswer[]) => answers.forEach(hear));
  const end = (error: Error) => {
    dead ??= new DatabaseError('The embedded database has stopped.', {}, { cause: error });
    opened.reject(dead);
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  worker.on('error', (error: Error) => {
    onProblem(error);
    end(error);
  });
  worker.on('exit', () => end(new Error('its thread has ended')));
  await opened.promise;
  return (kind, sql = '', parameters = [], durable = true) =>
    new Promise((resolve, reject) => {
      if (dead) return reject(dead);
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, kind, sql, parameters, durable } satisfies WorkerRequest);
    });
}

const READS = /^\s*SELECT\b/i;

const queryableOf = (ask: Ask): Queryable => ({
  query: async <T extends object>(
    sql: string,
    parameters: readonly unknown[] = [],
    { durable = !READS.test(sql) }: QueryOptions = {},
  ) => (await ask('query', sql, parameters, durable)) as T[],
  runScript: async (sql) => void (await ask('script', sql)),
});

/**
 * Postgres in this process, its files under `<folder>/pg`. One process a folder. `onProblem` hears of
 * what no query can be told: failed housekeeping, the end of the database's thread.
 */
export async function openPglite(
  folder: string,
  onProblem: (error: Error) => void,
): Promise<Database> {
  await mkdir(folder, { recursive: true });
  const folderLock = await lockFolder(folder);
  const settings = { dataDir: path.resolve(folder, 'pg') };
  const ask = await startWorker(settings, onProblem).catch(async (error) => {
    await folderLock.release();
    throw error;
  });
  // Statements by themselves queue up in the worker; only a transaction keeps others out.
  let transactionEnds: Promise<void> | null = null;
  const askAlone: Ask = async (...question) => {
    while (transactionEnds) await transactionEnds;
    return ask(...question);
  };
  const locks = new Set<string>();

  async function transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    while (transactionEnds) await transactionEnds;
    const ended = Promise.withResolvers<void>();
    transactionEnds = ended.promise;
    try {
      return await runTransaction(queryableOf(ask), work);
    } finally {
      transactionEnds = null;
      ended.resolve();
    }
  }

  return {
    ...queryableOf(askAlone),
    isShared: false,
    transaction,
    async tryLock(name): Promise<SessionLock | null> {
      if (locks.has(name)) return null;
      locks.add(name);
      const release = async () => void locks.delete(name);
      return { held: true, release, query: queryableOf(askAlone).query };
    },
    async close() {
      await askAlone('close');
      await folderLock.release();
    },
  };
}
