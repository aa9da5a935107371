import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  attemptPrefix,
  cancelMarker,
  type Job,
  type JobKind,
  newAttemptId,
} from '@spillway/contracts';
import type { Database } from '@spillway/database';
import { createLogger } from '@spillway/runtime';
import { type ObjectStore, openStorage } from '@spillway/storage';
import { sqlOrderStore } from '../adapters/sql/order-store.ts';
import type { Input } from '../domain/changes.ts';
import type { OrderState } from '../domain/order.ts';
import { reduce, type Step } from '../domain/reduce.ts';
import { openOrderDatabase } from '../testing/database.ts';
import {
  acceptOrder,
  addressesOf,
  failed,
  planOfChunks,
  succeeded,
  unfit,
} from '../testing/orders.ts';
import type { OrderStore } from './ports.ts';
import { sweepLeftovers, sweepRemoved } from './sweep.ts';

const log = createLogger('test', 'silent');
const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

let folder: string;
let database: Database;
let storage: ObjectStore;
let store: OrderStore;
beforeAll(async () => {
  database = await openOrderDatabase();
  store = sqlOrderStore(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('DELETE FROM orders');
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-sweep-'));
  storage = await openStorage(pathToFileURL(folder).href);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (prefix: string) => storage.put(`${prefix}file`, Buffer.from('x'));
const keys = async (): Promise<string[]> =>
  (await Readable.from(storage.list('')).toArray()).map(({ key }) => key).sort();
const sweep = (parts: Partial<OrderStore> = {}) =>
  sweepLeftovers({ store: { ...store, ...parts }, storage, log }, new Date(Date.now() + 1000));

/** An order that lives in the database, and whose workers write a file each. */
async function orderOf(url = 'https://media.example.com/a.mp4') {
  let { state, jobs }: Step = acceptOrder({ source: { url } });
  await store.create([{ step: acceptedStep(state, jobs), trace }]);
  let version = 1;
  const prefixOf = (kind: JobKind, index: number, attemptId: string) =>
    attemptPrefix(state.id, kind, index, attemptId);
  const feed = async (input: Input): Promise<Step> => {
    const step = reduce(state, input, new Date().toISOString(), addressesOf);
    expect(await store.write({ state, version }, [{ step, trace }])).toBe(true);
    ({ state, jobs } = step);
    version += 1;
    return step;
  };
  return {
    id: state.id,
    jobs: () => jobs as Job[],
    feed,
    /** A worker ends a job; the result is used. Resolves with the prefix of its file. */
    async make(job: Job, plan: Parameters<typeof succeeded>[1] = {}) {
      const attemptId = newAttemptId();
      const prefix = prefixOf(job.kind, job.index, attemptId);
      await put(prefix);
      await feed({ type: 'result', result: succeeded(job, { attemptId, ...plan }) });
      return prefix;
    },
    /** A worker dies in the middle. */
    async die(kind: JobKind, index = 0) {
      await put(prefixOf(kind, index, newAttemptId()));
    },
  };
}

const acceptedStep = (state: OrderState, jobs: readonly Job[]): Step => ({
  ...{ state, jobs, events: [], garbage: [], stopsWork: false, ignored: null },
});

const fileIn = (prefix: string) => `${prefix}file`;

test('a completed order keeps its stream, and neither dead attempts nor its copy of the source', async () => {
  const order = await orderOf();
  await order.make(order.jobs()[0] as Job);
  await order.die('prepare');
  const output = await order.make(order.jobs()[0] as Job);
  await sweep();
  expect(await keys()).toEqual([fileIn(output)]);
});

test('an order in chunks keeps every chunk that it plays', async () => {
  const order = await orderOf();
  await order.make(order.jobs()[0] as Job);
  await order.make(order.jobs()[0] as Job, { plan: planOfChunks(2) });
  const made: string[] = [];
  for (const job of order.jobs()) made.push(await order.make(job));
  await order.die('encode-chunk', 1);
  made.push(await order.make(order.jobs()[0] as Job));
  await sweep();
  expect(await keys()).toEqual(made.map(fileIn).sort());
});

test('chunks that did not fit go once the source was encoded whole', async () => {
  const order = await orderOf('file:///a.mp4');
  await order.make(order.jobs()[0] as Job, { plan: planOfChunks(1, false) });
  await order.make(order.jobs()[0] as Job);
  await order.feed({ type: 'result', result: unfit(order.jobs()[0] as Job) });
  const output = await order.make(order.jobs()[0] as Job);
  await sweep();
  expect(await keys()).toEqual([fileIn(output)]);
});

test('a failed order keeps what a retry need not do again; after that it is swept again', async () => {
  const order = await orderOf();
  const source = await order.make(order.jobs()[0] as Job);
  await order.make(order.jobs()[0] as Job, { plan: planOfChunks(2, false) });
  const [first, second] = order.jobs() as [Job, Job];
  const chunk = await order.make(first);
  await order.die('encode-chunk', 1);
  await order.feed({ type: 'result', result: failed(second) });
  await storage.put(cancelMarker(order.id), Buffer.from('x'));
  await sweep();
  const kept = [fileIn(source), fileIn(chunk), cancelMarker(order.id)];
  expect(await keys()).toEqual(kept.sort());

  const { jobs } = await order.feed({ type: 'retry' });
  const again = await order.make(jobs[0] as Job);
  const output = await order.make(order.jobs()[0] as Job);
  await sweep();
  expect(await keys()).toEqual(
    [chunk, again, output].map(fileIn).concat(cancelMarker(order.id)).sort(),
  );
});

test.each(['found', 'listed'])(
  'an open order is left alone, also one that is begun again just after it was %s',
  async (moment) => {
    const open = await orderOf();
    await open.die('ingest');
    const ended = await orderOf();
    await ended.feed({ type: 'cancel' });
    let live: string[] = [];
    const beginAgain = async () => {
      await ended.feed({ type: 'retry' });
      await ended.die('ingest');
      live = await keys();
    };
    await sweep({
      async unswept(before, limit) {
        const ids = await store.unswept(before, limit);
        if (moment === 'found' && ids.length > 0) await beginAgain();
        return ids;
      },
      async readAll(ids) {
        if (moment === 'listed') await beginAgain();
        return store.readAll(ids);
      },
    });
    expect(live).toHaveLength(2);
    expect(await keys()).toEqual(live);
    expect(await store.unswept(new Date(Date.now() + 1000), 10)).toEqual([]);
  },
);

test('what cannot be removed is tried again; more orders than fit into one look are all swept', async () => {
  const orders = [];
  for (let count = 0; count < 60; count++) {
    const order = await orderOf('file:///a.mp4');
    await order.die('prepare');
    await order.feed({ type: 'cancel' });
    orders.push(order);
  }
  const { deletePrefix } = storage;
  const [stuck] = orders;
  storage.deletePrefix = async (prefix) => {
    if (prefix.includes(stuck?.id ?? '')) throw new Error('no answer');
    await deletePrefix.call(storage, prefix);
  };
  await sweep();
  await sweep();
  expect(await keys()).toEqual([expect.stringContaining(stuck?.id ?? '')]);
  storage.deletePrefix = deletePrefix;
  await sweep();
  expect(await keys()).toEqual([]);
});

test('what a removal left behind, because it stopped in the middle, goes later, markers and all', async () => {
  const order = await orderOf('file:///a.mp4');
  const other = await orderOf('file:///b.mp4');
  await order.die('prepare');
  await other.die('prepare');
  await order.feed({ type: 'cancel' });
  await storage.put(cancelMarker(order.id), Buffer.from('x'));
  const swept = async () => {
    await sweepRemoved({ store, storage, log }, new Date(Date.now() + 60_000));
    return keys();
  };
  expect(await swept()).toHaveLength(3);
  expect(await store.remove(order.id)).toBe(true);
  await sweepRemoved({ store, storage, log }, new Date(Date.now() - 60_000));
  expect(await keys()).toHaveLength(3);
  expect(await swept()).toEqual([expect.stringContaining(other.id)]);
  expect(await store.removedBefore(new Date(Date.now() + 60_000), 10)).toEqual([]);
});
