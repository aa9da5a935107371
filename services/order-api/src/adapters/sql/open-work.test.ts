import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Job } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { OrderStore } from '../../app/ports.ts';
import type { OpenJobs } from '../../domain/backlog.ts';
import type { Input } from '../../domain/changes.ts';
import type { OrderRequest } from '../../domain/order.ts';
import { accept, reduce, type Step } from '../../domain/reduce.ts';
import { openOrderDatabase } from '../../testing/database.ts';
import {
  acceptOrder,
  addressesOf,
  orderRequest,
  progressed,
  succeeded,
} from '../../testing/orders.ts';
import { sqlOrderStore } from './order-store.ts';

const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
let database: Database;
let store: OrderStore;
beforeEach(async () => {
  database = await openOrderDatabase();
  store = sqlOrderStore(database);
});
afterEach(() => database.close());

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

async function order(secondsAgo: number, request: Partial<OrderRequest>): Promise<Step> {
  const { id } = acceptOrder().state;
  const accepted = { id, customerId: 'c', request: orderRequest(request) };
  const step = accept(accepted, ago(secondsAgo), addressesOf);
  await store.create([{ step, trace }]);
  return step;
}

const estimate = ({ state }: Step, seconds: number) =>
  database.query('UPDATE jobs SET estimate_seconds = $1 WHERE order_id = $2', [seconds, state.id]);

async function tell({ state }: Step, input: Input, secondsAgo = 0): Promise<void> {
  const step = reduce(state, input, ago(secondsAgo), addressesOf);
  expect(await store.write({ state, version: 1 }, [{ step, trace }])).toBe(true);
}

/** A worker began `began` seconds ago, and was heard of last so long ago. */
const runs = (step: Step, fraction: number, began: number, heard: number) =>
  tell(
    step,
    {
      type: 'result',
      result: { ...progressed(step.jobs[0] as Job, fraction), startedAt: ago(began) },
    },
    heard,
  );

const file = { source: { url: 'file:///a.mp4' } };

const sorted = async (): Promise<OpenJobs[]> =>
  (await store.openJobs()).toSorted((one, other) => other.seconds - one.seconds);

test('jobs alike are one group, by queue, estimate and age', async () => {
  for (const seconds of [4, 5, 300]) await estimate(await order(25, file), seconds);
  await estimate(await order(95, { ...file, priority: 'low' }), 1);
  await order(2000, file);
  await order(3000, file);
  await order(3, {});
  const about = (seconds: number) => expect.closeTo(seconds, -1);
  const groups = await sorted();
  expect(groups).toHaveLength(5);
  expect(groups).toEqual(
    expect.arrayContaining([
      {
        ...{ queue: 'encode-jobs', running: false, jobs: 2, estimateSeconds: null },
        ...{ seconds: about(2500), oldestSeconds: about(3000) },
      },
      {
        ...{ queue: 'encode-jobs-low', running: false, jobs: 1, estimateSeconds: 1 },
        ...{ seconds: about(95), oldestSeconds: about(95) },
      },
      ...[
        { jobs: 1, estimateSeconds: 300 },
        { jobs: 2, estimateSeconds: 4.5 },
      ].map((group) => expect.objectContaining({ queue: 'encode-jobs', running: false, ...group })),
      expect.objectContaining({ queue: 'ingest-jobs', jobs: 1, estimateSeconds: null }),
    ]),
  );
});

test('a job that nothing is known of is not taken for one that is known to be short', async () => {
  await estimate(await order(25, file), 0.2);
  await order(25, file);
  const estimates = (await store.openJobs()).map(({ estimateSeconds }) => estimateSeconds);
  expect(estimates.toSorted()).toEqual([0.2, null]);
});

test('a job that a worker tells of runs, and takes what its progress says', async () => {
  const step = await order(100, file);
  await estimate(step, 7);
  await runs(step, 0.25, 60, 10);
  const [group] = await sorted();
  expect(group).toMatchObject({ running: true, jobs: 1 });
  expect(group?.seconds).toBeCloseTo(60, -1);
  // 50 seconds for a quarter.
  expect(group?.estimateSeconds).toBeCloseTo(200, -1);
});

test('a job whose worker has not been heard of waits: it will be done again', async () => {
  await runs(await order(300, file), 0.5, 290, 200);
  expect(await sorted()).toEqual([expect.objectContaining({ running: false, jobs: 1 })]);
});

test('a job that has ended is none', async () => {
  const step = await order(10, file);
  await tell(step, { type: 'result', result: succeeded(step.jobs[0] as Job) });
  expect(await store.openJobs()).toEqual([]);
});

test('the job of an older program, which wrote no priority, is of the normal one', async () => {
  await order(10, { ...file, priority: 'high' });
  await database.query('UPDATE jobs SET priority = NULL');
  expect(await store.openJobs()).toMatchObject([{ queue: 'encode-jobs', jobs: 1 }]);
});

test('a hundred thousand jobs are a few thousand groups', async () => {
  const { state } = await order(10, file);
  await database.query(
    `INSERT INTO jobs (order_id, kind, index, status, progress, attempts, estimate_seconds, times_lost, sent_at,
       priority)
     SELECT $1, 'encode-chunk', n, 'pending', 0, '[]', random() * 500, 0, now() - random() * interval '1 hour', 'high'
     FROM generate_series(1, 100000) AS n`,
    [state.id],
  );
  const groups = await store.openJobs();
  expect(groups.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(100_001);
  expect(groups.length).toBeLessThan(3000);
});
