import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Job, newOrderId } from '@spillway/contracts';
import { sampleCustomer } from '@spillway/contracts/testing';
import type { Database } from '@spillway/database';
import { createLogger } from '@spillway/runtime';
import { openStorage, type Storage } from '@spillway/storage';
import { sqlOrderStore } from '../adapters/sql/order-store.ts';
import { sqlUploads } from '../adapters/sql/uploads.ts';
import type { Input } from '../domain/changes.ts';
import { accept, reduce } from '../domain/reduce.ts';
import { uploadKey } from '../domain/upload.ts';
import { openOrderDatabase } from '../testing/database.ts';
import { addressesOf, orderRequest, succeeded } from '../testing/orders.ts';
import { UploadBusy, uploadLeases } from './upload-leases.ts';
import type { UploadStore } from './upload-ports.ts';
import { sweepUploads } from './upload-sweep.ts';
import { Uploads } from './uploads.ts';

const HOUR = 3600 * 1000;
const log = createLogger('test', 'silent');
const caller = { customer: sampleCustomer(), isAdmin: false };
const never = new Date(0);

let database: Database;
let store: UploadStore;
let folder: string;
let storage: Storage;
let now: number;
let uploads: Uploads;
beforeAll(async () => {
  database = await openOrderDatabase();
  store = sqlUploads(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('DELETE FROM uploads');
  await database.query('DELETE FROM orders');
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-uploads-'));
  storage = await openStorage(pathToFileURL(folder).href);
  now = Date.parse('2026-11-23T12:00:00Z');
  uploads = new Uploads({ store, storage, hours: 24, now: () => now, onReceived: () => undefined });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function sent(content: string): Promise<string> {
  const { id } = await uploads.create(caller, {});
  const open = await uploads.open(id, () => undefined);
  await open?.begin(content.length);
  await open?.append(Readable.from([Buffer.from(content)]), 0);
  await open?.close();
  return id;
}

/** An order that names the upload, and what then comes of it. */
async function ordered(uploadId: string, then?: (job: Job) => Input): Promise<void> {
  const orders = sqlOrderStore(database);
  const etag = (await storage.head(uploadKey(uploadId)))?.etag ?? '';
  const request = orderRequest({
    source: { uploadId },
    uploads: { [uploadId]: { from: 'object', key: uploadKey(uploadId), etag } },
  });
  const at = new Date(now).toISOString();
  const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const order = { id: newOrderId(), customerId: 'default', request };
  const step = accept(order, at, addressesOf);
  await orders.create([{ step, trace, notifications: [] }]);
  const [job] = step.jobs;
  if (!then || !job) return;
  const next = reduce(step.state, then(job), at, addressesOf);
  const before = { state: step.state, version: 1 };
  expect(await orders.write(before, [{ step: next, trace, notifications: [] }])).toBe(true);
  expect(next.state.endedAt).not.toBeNull();
}

const sweep = (orderEndedBefore = never) =>
  sweepUploads({ store, uploads, log }, { now, orderEndedBefore });
const isThere = async (id: string) =>
  (await store.read(id)) !== null && (await storage.head(uploadKey(id))) !== null;

test('an upload that was begun and never completed expires, bytes and all', async () => {
  const { id } = await uploads.create(caller, { bytes: 10 });
  const open = await uploads.open(id, () => undefined);
  await open?.append(Readable.from([Buffer.from('half')]), 0);
  await open?.close();
  now += 24 * HOUR;
  await sweep();
  expect((await store.read(id))?.status).toBe('waiting');
  now += HOUR;
  await sweep();
  expect(await store.read(id)).toBeNull();
  expect(await readdir(path.join(folder, 'resumable'))).toEqual([]);
});

test('a complete upload that no order names waits as long again, then goes', async () => {
  now += 23 * HOUR;
  const id = await sent('film');
  now += 23 * HOUR;
  await sweep();
  expect(await isThere(id)).toBe(true);
  now += 2 * HOUR;
  await sweep();
  expect(await store.read(id)).toBeNull();
  expect(await storage.head(uploadKey(id))).toBeNull();
});

test('an upload stays while an order that names it has not ended', async () => {
  const id = await sent('film');
  await ordered(id);
  now += 1000 * HOUR;
  await sweep(new Date(now));
  expect(await isThere(id)).toBe(true);
  expect(await uploads.remove(id)).toBe('in_use');
});

test('an upload stays for the retry of an order, until that is no longer kept', async () => {
  const id = await sent('film');
  await ordered(id, () => ({ type: 'cancel' }));
  now += 1000 * HOUR;
  await sweep();
  expect(await isThere(id)).toBe(true);
  await sweep(new Date(now - 999 * HOUR));
  expect(await store.read(id)).toBeNull();
});

test('an upload of a completed order goes when its own time is over', async () => {
  const id = await sent('film');
  await ordered(id, (job) => ({ type: 'result', result: succeeded(job) }));
  now += 24 * HOUR;
  await sweep();
  expect(await isThere(id)).toBe(true);
  now += HOUR;
  await sweep();
  expect(await store.read(id)).toBeNull();
});

test('an upload goes when every order that named it is gone', async () => {
  const id = await sent('film');
  await ordered(id, () => ({ type: 'cancel' }));
  await database.query('DELETE FROM orders');
  now += 25 * HOUR;
  await sweep();
  expect(await store.read(id)).toBeNull();
});

test('a removal that stopped in the middle is taken up', async () => {
  const id = await sent('film');
  expect(await store.expire(id)).toBe(true);
  await sweep();
  expect(await store.read(id)).toBeNull();
  expect(await storage.head(uploadKey(id))).toBeNull();
});

test('an upload that a request of another process writes to is not swept', async () => {
  const { id } = await uploads.create(caller, {});
  const other = new Uploads({
    store,
    storage,
    hours: 24,
    now: () => now,
    onReceived: () => undefined,
  });
  const open = await other.open(id, () => undefined);
  now += 25 * HOUR;
  await sweep();
  expect(await store.read(id)).not.toBeNull();
  await open?.close();
  await sweep();
  expect(await store.read(id)).toBeNull();
});

test('of two processes one writes; a silent one loses its place, and hears so before it writes', async () => {
  const { id } = await uploads.create(caller, {});
  let clock = 0;
  const first = await uploadLeases(store, () => clock).take(id, () => undefined);
  const second = uploadLeases(store, () => clock);
  await expect(second.take(id, () => undefined)).rejects.toThrow(UploadBusy);
  await database.query(`UPDATE uploads SET writer_until = now() - interval '1 second'`);
  const taken = await second.take(id, () => undefined);
  clock += 3000;
  await expect(first?.keep()).rejects.toThrow(UploadBusy);
  await taken?.keep();
  // What the first gives back is no longer its own.
  await first?.release();
  clock += 3000;
  await taken?.keep();
  await taken?.release();
});

test('a holder in the same process is asked to let go, and waited for', async () => {
  const { id } = await uploads.create(caller, {});
  const asked = Promise.withResolvers<void>();
  const first = await uploads.open(id, asked.resolve);
  const second = uploads.open(id, () => undefined);
  await asked.promise;
  await first?.close();
  expect(await second).not.toBeNull();
  await (await second)?.close();
});
