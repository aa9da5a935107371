import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Job, Outputs } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { Lanes, OrderStore } from '../../app/ports.ts';
import type { Input } from '../../domain/changes.ts';
import { jobKey, type OrderRequest, type OrderState } from '../../domain/order.ts';
import { accept, reduce } from '../../domain/reduce.ts';
import { orderView } from '../../domain/snapshot.ts';
import { openOrderDatabase } from '../../testing/database.ts';
import {
  acceptOrder,
  addressesOf,
  failed,
  orderRequest,
  planOfChunks,
  progressed,
  succeeded,
} from '../../testing/orders.ts';
import { sqlEstimates } from './estimates.ts';
import { sqlOrderStore } from './order-store.ts';

const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
let database: Database;
let store: OrderStore;
beforeAll(async () => {
  database = await openOrderDatabase();
  store = sqlOrderStore(database);
});
afterAll(() => database.close());

/** What is written is what is read. */
async function write(before: OrderState, version: number, input: Input, at: string) {
  const step = reduce(before, input, at, addressesOf);
  expect(await store.write({ state: before, version }, [{ step, trace }])).toBe(true);
  expect(await store.read(before.id)).toEqual({ state: step.state, version: version + 1 });
  return step;
}

async function orderAt(at: string, request: Partial<OrderRequest>) {
  const { id } = acceptOrder().state;
  const step = accept({ id, customerId: 'c', request: orderRequest(request) }, at, addressesOf);
  await store.create([{ step, trace }]);
  return step;
}

test('an order is read as it was written, through sound, failure and retry', async () => {
  const at = '2026-11-23T05:00:00.000Z';
  const { state, jobs } = await orderAt(at, { source: { url: 'file:///a.mp4' } });
  const told = succeeded(jobs[0] as Job, { plan: planOfChunks(2) });
  const planned = await write(state, 1, { type: 'result', result: told }, at);
  const [audio, chunk] = planned.jobs as [Job, Job];
  const later = '2026-11-23T05:01:00.000Z';
  const sound = progressed(audio, 0.5, 'att_1', 7);
  const heard = await write(planned.state, 2, { type: 'result', result: sound }, later);
  const over = await write(heard.state, 3, { type: 'result', result: failed(chunk) }, later);
  const again = await write(over.state, 4, { type: 'retry' }, later);
  expect(again.state).toMatchObject({ run: 1, retriedAt: later, endedAt: null });
});

test('silent jobs are found by their lane, and by when they were last heard of', async () => {
  const [low, ingest] = [
    await orderAt('2026-11-23T06:00:00.000Z', {
      source: { url: 'file:///a.mp4' },
      priority: 'low',
    }),
    await orderAt('2026-11-23T06:10:00.000Z', {}),
  ];
  const find = async (before: string, lanes: Partial<Lanes>) => {
    const all = { ingest: false, priorities: [], ...lanes };
    const found = await store.openJobsHeardBefore(new Date(before), all);
    return found.map((job) => `${job.orderId === low.state.id ? 'low' : 'other'} ${jobKey(job)}`);
  };
  const noon = '2026-11-23T12:00:00Z';
  expect(await find(noon, { priorities: ['low'] })).toEqual(['low prepare/0']);
  expect(await find(noon, { ingest: true, priorities: ['high'] })).toEqual(['other ingest/0']);
  expect(await find(noon, {})).toEqual([]);
  expect(await find('2026-11-23T06:00:00Z', { priorities: ['low'] })).toEqual([]);
  const [job] = low.jobs as [Job];
  const result = progressed(job, 0.5);
  await write(low.state, 1, { type: 'result', result }, '2026-11-23T07:00:00.000Z');
  expect(await find('2026-11-23T06:30:00Z', { priorities: ['low'] })).toEqual([]);
  expect(await store.openJobsHeardBefore(new Date(noon), { ingest: true, priorities: [] })).toEqual(
    [
      {
        ...{ orderId: ingest.state.id, kind: 'ingest', index: 0, priority: 'normal', timesLost: 0 },
        heardAt: new Date('2026-11-23T06:10:00.000Z'),
      },
    ],
  );
});

test('a delivery waits with the downloads, and a view knows of it', async () => {
  const at = '2026-11-22T05:00:00.000Z';
  const outputs = Outputs.parse({ destination: 's3://acme/out/' });
  const { state, jobs } = await orderAt(at, { source: { url: 'file:///a.mp4' }, outputs });
  const tell = (from: OrderState, version: number, job: Job) =>
    write(from, version, { type: 'result', result: succeeded(job) }, at);
  const encoded = await tell(state, 1, jobs[0] as Job);
  const lanes = { ingest: true, priorities: [] };
  const found = await store.openJobsHeardBefore(new Date('2026-11-22T06:00:00Z'), lanes);
  expect(found).toMatchObject([{ orderId: state.id, kind: 'deliver' }]);
  const delivered = await tell(encoded.state, 2, encoded.jobs[0] as Job);
  const view = await store.readForView(state.id);
  expect(view && orderView(view, addressesOf(view, at))).toEqual(
    orderView(delivered.state, addressesOf(delivered.state, at)),
  );
  expect(view?.jobs['deliver/0']).toMatchObject({ status: 'succeeded' });
});

test('an order that was begun again is not past its time by its first run', async () => {
  const { state } = await orderAt('2026-11-20T05:00:00.000Z', {});
  const limit = new Date('2026-11-21T00:00:00Z');
  expect(await store.openSince(limit)).toEqual([state.id]);
  const ended = await write(state, 1, { type: 'cancel' }, '2026-11-21T05:00:00.000Z');
  await write(ended.state, 2, { type: 'retry' }, '2026-11-22T05:00:00.000Z');
  expect(await store.openSince(limit)).toEqual([]);
  expect(await store.openSince(new Date('2026-11-22T06:00:00Z'))).toContain(state.id);
});

test('estimates are kept by their key, the newest of each', async () => {
  const estimates = sqlEstimates(database);
  await estimates.saveEstimates(
    new Map([
      ['frames/h264/720', 0.01],
      ['prepare', 2],
    ]),
  );
  await estimates.saveEstimates(new Map([['prepare', 3]]));
  expect(await estimates.readEstimates()).toEqual(
    new Map([
      ['frames/h264/720', 0.01],
      ['prepare', 3],
    ]),
  );
});

test('an order that was written before formats could be chosen is one of HLS and DASH', async () => {
  const { state } = await orderAt('2026-11-23T05:30:00.000Z', {});
  await database.query(
    `UPDATE orders SET request = jsonb_set(request, '{outputs}', '{"allowPartial": true}') WHERE id = $1`,
    [state.id],
  );
  const read = await store.readForView(state.id);
  expect(read?.request.outputs).toEqual({ ...Outputs.parse({}), allowPartial: true });
});
