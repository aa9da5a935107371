// PGlite in a thread of its own: a query is computed on the thread that asked for it, so on the main
// one it would hold up every request meanwhile.
import { existsSync, fsyncSync } from 'node:fs';
import { open as openFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { WorkerAnswer, WorkerRequest, WorkerSettings } from './pglite-protocol.ts';
import { preparedStatements } from './pglite-statements.ts';

/**
 * Housekeeping comes after so many statements: a flood fills the outbox with dead rows within seconds, and
 * each look at it walks over all of them.
 */
const HOUSEKEEPING_STATEMENTS = 1_000;
/** Log since the last checkpoint that makes for a new one: what a start after a crash reads again. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;

/**
 * PGlite runs Postgres with fsync off and its file system has none, so a power cut would lose what was
 * answered. Both are put right here; `fdatasync` is a stub in Emscripten, `fsync` is not.
 */
const durable = ['-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', 'synchronous_commit=off'];
/** 128 MB by default: too much for the few pages of a queue in an embedded process. */
const small = ['-c', 'shared_buffers=32MB', '-c', 'jit=off'];

/**
 * Statements do not wait for the disk one by one: what has come meanwhile runs first, and one flush makes
 * all of it durable before anyone is answered (group commit). Nothing is flushed where nothing was written.
 */
const FLUSH = `SELECT pg_logical_emit_message(false, '', '', true)
  WHERE pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn()`;
/** Bounds how long the first of them waits for the last. */
const BATCH = 32;

/** WASI's number of "input/output error"; Postgres stops at it rather than go on in doubt. */
const EIO = 29;

interface EmscriptenFiles {
  NODEFS: { stream_ops: { fsync?: (stream: { nfd?: number }) => number } };
}

/** Postgres's files are made aside and moved into place, so that a half-made database is never opened. */
async function make(dataDir: string): Promise<void> {
  const aside = `${dataDir}.new`;
  await rm(aside, { recursive: true, force: true });
  await (await PGlite.create(aside)).close();
  const entries = await readdir(aside, { recursive: true });
  for (const entry of ['', ...entries]) {
    const file = await openFile(path.join(aside, entry), 'r');
    await file.sync();
    await file.close();
  }
  await rename(aside, dataDir);
}

async function open(dataDir: string): Promise<PGlite> {
  if (!existsSync(dataDir)) await make(dataDir);
  const { defaultStartParams } = PGlite as unknown as { defaultStartParams: string[] };
  const startParams = defaultStartParams.filter((parameter) => parameter !== '-F');
  const pglite = await PGlite.create(dataDir, {
    startParams: [...startParams, ...durable, ...small],
  });
  const { NODEFS } = (pglite as unknown as { Module: EmscriptenFiles }).Module;
  NODEFS.stream_ops.fsync = ({ nfd }) => {
    try {
      // Folders have no descriptor there.
      if (nfd !== undefined) fsyncSync(nfd);
      return 0;
    } catch {
      return EIO;
    }
  };
  const [setting] = (await pglite.query<{ fsync: string }>('SHOW fsync')).rows;
  if (setting?.fsync !== 'on') throw new Error('PGlite does not take fsync=on.');
  return pglite;
}

/**
 * Postgres in one process has no autovacuum and no checkpointer: without this its tables and its log grow
 * for ever. The rule for a table is autovacuum's own (50 rows + 20 %).
 */
async function keepHouse(pglite: PGlite): Promise<void> {
  const tables = await pglite.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables
     WHERE n_dead_tup > 50 + 0.2 * n_live_tup`,
  );
  for (const { name } of tables.rows) await pglite.exec(`VACUUM (ANALYZE) ${name}`);
  const log = await pglite.query<{ bytes: number }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 AS bytes
     FROM pg_control_checkpoint()`,
  );
  if ((log.rows[0]?.bytes ?? 0) > CHECKPOINT_BYTES) await pglite.exec('CHECKPOINT');
}

if (!parentPort) throw new Error('This file runs as a worker thread.');
const port = parentPort;
const tell = (answers: WorkerAnswer[]): void => port.postMessage(answers);
const pglite = await open((workerData as WorkerSettings).dataDir);
const runStatement = preparedStatements(pglite);
const asked: WorkerRequest[] = [];
let answering = false;
/** Since the last housekeeping. */
let statements = 0;
/** Of the caller's: housekeeping waits for its end. */
let inTransaction = false;

const flush = (): Promise<object[]> => runStatement(FLUSH, []);

async function runScript(sql: string): Promise<void> {
  // A transaction's own batches are not flushed before its end, and others were asked before it.
  if (sql === 'BEGIN') await flush();
  await pglite.exec(sql);
  if (sql === 'BEGIN') inTransaction = true;
  if (sql === 'COMMIT' || sql === 'ROLLBACK') inTransaction = false;
}

async function answer({ id, kind, sql, parameters }: WorkerRequest): Promise<WorkerAnswer> {
  try {
    statements++;
    if (kind === 'query') return { id, rows: await runStatement(sql, parameters) };
    await (kind === 'close' ? pglite.close() : runScript(sql));
    return { id, rows: [] };
  } catch (error) {
    const { message, code, constraint } = error as Error & Partial<Record<string, string>>;
    return { id, error: { message, code, constraint } };
  }
}

async function tidy(): Promise<void> {
  statements = 0;
  await keepHouse(pglite).catch((error: Error) => {
    tell([{ id: 0, error: { message: `housekeeping: ${error.message}` } }]);
  });
}

/** Answers what was asked meanwhile together, after one flush for all of it. */
async function answerAll(): Promise<void> {
  answering = true;
  while (asked.length > 0) {
    const batch = asked.splice(0, BATCH);
    const answers: WorkerAnswer[] = [];
    for (const request of batch) answers.push(await answer(request));
    const writes = batch.some(({ durable, kind }) => durable && kind !== 'close');
    if (writes && !inTransaction) await flush();
    tell(answers);
    // Nobody asks after that: without its port the thread ends, and the program may.
    if (batch.some(({ kind }) => kind === 'close')) return port.close();
    if (statements >= HOUSEKEEPING_STATEMENTS && !inTransaction) await tidy();
    // Lets in what was asked meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
  answering = false;
}

function begin(): void {
  // A database that cannot flush has stopped: the thread ends, and everyone is told.
  if (!answering) void answerAll();
}

port.on('message', (request: WorkerRequest) => {
  asked.push(request);
  // Once all that have arrived are in `asked`.
  setImmediate(begin);
});

tell([{ id: 0, rows: [] }]);
