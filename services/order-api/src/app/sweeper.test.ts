import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { attemptPrefix, type Job, newAttemptId, newOrderId } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import { createLogger } from '@spillway/runtime';
import { type ObjectStore, openStorage } from '@spillway/storage';
import { sqlOrderStore } from '../adapters/sql/order-store.ts';
import { sqlRetention } from '../adapters/sql/retention.ts';
import { reduce } from '../domain/reduce.ts';
import { keepsAll } from '../testing/api.ts';
import { openOrderDatabase } from '../testing/database.ts';
import { acceptOrder, addressesOf, failed, succeeded } from '../testing/orders.ts';
import { orderDeleter } from './delete-order.ts';
import type { OrderStore } from './ports.ts';
import type { Retention } from './retention.ts';
import { Sweeper } from './sweeper.ts';

const log = createLogger('test', 'silent');
const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const DAY_MS = 24 * 3600 * 1000;

let folder: string;
let database: Database;
let storage: ObjectStore;
let store: OrderStore;
/** Days from now: what is done now ages by it. */
let days: number;
beforeAll(async () => {
  database = await openOrderDatabase();
  store = sqlOrderStore(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('DELETE FROM orders');
  await database.query('DELETE FROM removed_orders');
  days = 0;
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-sweeper-'));
  storage = await openStorage(pathToFileURL(folder).href);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keys = async (): Promise<string[]> =>
  (await Readable.from(storage.list('')).toArray()).map(({ key }) => key).sort();

const sweeper = (retention: Partial<Retention>): Sweeper =>
  new Sweeper({
    ...{ store, storage, log },
    kept: sqlRetention(database),
    retention: { ...keepsAll, ...retention },
    deleteOrder: orderDeleter(store, storage),
    sweepUploads: async () => 0,
    now: () => Date.now() + days * DAY_MS,
  });

/** An order that has ended, with one file of it. */
async function ended(how: 'completed' | 'failed') {
  const { state, jobs } = acceptOrder({ source: { url: 'file:///a.mp4' } });
  const accepted = { state, jobs, events: [], garbage: [], stopsWork: false, ignored: null };
  await store.create([{ step: accepted, trace }]);
  const attemptId = newAttemptId();
  const key = `${attemptPrefix(state.id, 'prepare', 0, attemptId)}file`;
  const job = jobs[0] as Job;
  const result = how === 'completed' ? succeeded(job, { attemptId }) : failed(job);
  const step = reduce(state, { type: 'result', result }, new Date().toISOString(), addressesOf);
  expect(step.state.status).toBe(how);
  await store.write({ state, version: 1 }, [{ step, trace }]);
  await storage.put(key, Buffer.from('x'));
  return { id: state.id, key };
}

test('files of completed orders go after their time, and the orders stay', async () => {
  const { id, key } = await ended('completed');
  const swept = sweeper({ outputsMs: 10 * DAY_MS });
  days = 9;
  expect((await swept.sweep(false)).expired.objects).toBe(0);
  expect(await keys()).toEqual([key]);
  days = 11;
  const announced = await swept.sweep(true);
  expect(announced).toMatchObject({ dryRun: true, expired: { objects: 1, bytes: 1, keys: [key] } });
  expect(await keys()).toEqual([key]);
  expect((await store.read(id))?.state.expiredAt).toBeNull();
  const done = await swept.sweep(false);
  expect(done).toEqual({ ...announced, dryRun: false });
  expect(await keys()).toEqual([]);
  expect((await store.read(id))?.state.expiredAt).toEqual(expect.any(String));
  expect((await swept.sweep(true)).expired.objects).toBe(0);
});

test('an order whose files are gone is not begun again', async () => {
  const { id } = await ended('failed');
  days = 2;
  await sweeper({ sourcesMs: DAY_MS }).retain();
  const order = await store.read(id);
  if (!order) throw new Error('no order');
  const step = reduce(order.state, { type: 'retry' }, new Date().toISOString(), addressesOf);
  expect(step.state.status).toBe('failed');
  expect(step.ignored).not.toBeNull();
});

test('how long files of completed orders are kept says nothing of others, and the other way round', async () => {
  const completed = await ended('completed');
  const other = await ended('failed');
  days = 2;
  const outputs = await sweeper({ outputsMs: DAY_MS }).sweep(true);
  expect(outputs.expired.keys).toEqual([completed.key]);
  const sources = await sweeper({ sourcesMs: DAY_MS }).sweep(true);
  expect(sources.expired.keys).toEqual([other.key]);
});

test('orders go after their time, rows and files', async () => {
  const { id, key } = await ended('completed');
  const swept = sweeper({ ordersMs: DAY_MS });
  expect((await swept.sweep(false)).removed.objects).toBe(0);
  days = 2;
  expect((await swept.sweep(true)).removed.keys).toEqual([key]);
  expect((await swept.sweep(false)).removed.keys).toEqual([key]);
  expect(await store.read(id)).toBeNull();
  expect(await keys()).toEqual([]);
});

test('of events that are kept no longer the last stays: it says how the order ended', async () => {
  const { id } = await ended('completed');
  await database.query(
    `INSERT INTO events (order_id, sequence, type, occurred_at, snapshot)
     SELECT id, sequence - 1, 'order.queued', now(), '{}' FROM orders`,
  );
  const swept = sweeper({ eventsMs: DAY_MS });
  await swept.retain();
  expect(await store.eventsAfter(id, 0)).toHaveLength(2);
  days = 2;
  await swept.retain();
  expect((await store.eventsAfter(id, 0)).map(({ type }) => type)).toEqual(['order.completed']);
});

test('objects of orders that nobody knows go when they are older than a day', async () => {
  const { key } = await ended('completed');
  const orphan = `${attemptPrefix(newOrderId(), 'prepare', 0, newAttemptId())}file`;
  await storage.put(orphan, Buffer.from('xy'));
  const swept = sweeper({});
  expect((await swept.sweep(true)).orphans.objects).toBe(0);
  for (const old of [key, orphan]) await utimes((await storage.pathOf(old)) ?? '', 1, 1);
  expect((await swept.sweep(true)).orphans).toEqual({ objects: 1, bytes: 2, keys: [orphan] });
  expect((await swept.sweep(false)).orphans.keys).toEqual([orphan]);
  expect(await keys()).toEqual([key]);
});
