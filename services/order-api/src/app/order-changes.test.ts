import { expect, test } from '@jest/globals';
import type { Job } from '@spillway/contracts';
import { nothingLearned } from '../domain/estimates.ts';
import type { Step } from '../domain/reduce.ts';
import { reduce } from '../domain/reduce.ts';
import {
  AT,
  acceptOrder,
  addressesOf,
  planOfChunks,
  progressed,
  succeeded,
} from '../testing/orders.ts';
import { orderChanges } from './order-changes.ts';
import type { TracedStep, VersionedOrder } from './ports.ts';

const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

/** A store of one order that counts what is asked of it. */
function storeOf(order: VersionedOrder | null) {
  const store = {
    order,
    reads: 0,
    writes: [] as (readonly TracedStep[])[],
    read: async () => {
      store.reads += 1;
      return store.order;
    },
    write: async (before: VersionedOrder, steps: readonly TracedStep[]) => {
      if (before.version !== store.order?.version) return false;
      store.writes.push(steps);
      const state = steps.at(-1)?.step.state ?? before.state;
      store.order = { state, version: before.version + 1 };
      return true;
    },
  };
  return store;
}

function setUp() {
  const created = acceptOrder({ source: { url: 'file:///a.mp4' } });
  const [prepare] = created.jobs as [Job];
  const store = storeOf({ state: created.state, version: 1 });
  const committed: Step[] = [];
  const changes = orderChanges({
    store,
    addressesOf,
    estimates: { current: () => nothingLearned },
    notificationsOf: async () => [],
    onCommitted: (step) => committed.push(step),
  });
  const submit = (result: ReturnType<typeof progressed>) =>
    changes.submit(created.state.id, { type: 'result', result }, trace);
  return { created, prepare, store, committed, changes, submit };
}

test('an order that was just created is changed without being read', async () => {
  const { created, prepare, store, changes, submit } = setUp();
  changes.remember(created.state);
  const step = await submit(progressed(prepare, 0.5));
  expect(step?.state.status).toBe('running');
  expect(store).toMatchObject({ reads: 0, order: { version: 2 } });
});

test('what comes for an order during a write is the next write together', async () => {
  const { prepare, store, committed, submit } = setUp();
  const plan = planOfChunks(3);
  const first = await submit(succeeded(prepare, { plan }));
  const steps = await Promise.all((first?.jobs ?? []).map((job) => submit(succeeded(job))));
  expect(store.writes.map((steps) => steps.length)).toEqual([1, 1, 3]);
  expect(steps.map((step) => step?.ignored)).toEqual([null, null, null, null]);
  expect(committed).toHaveLength(5);
  expect(steps.at(-1)?.jobs.map(({ kind }) => kind)).toEqual(['package']);
});

test('a change by another process is noticed, and the order read again', async () => {
  const { created, prepare, store, changes, submit } = setUp();
  changes.remember(created.state);
  const planned = succeeded(prepare, { plan: planOfChunks(2) });
  const elsewhere = reduce(created.state, { type: 'result', result: planned }, AT, addressesOf);
  store.order = { state: elsewhere.state, version: 2 };
  const [chunk] = elsewhere.jobs as [Job];
  expect((await submit(succeeded(chunk)))?.ignored).toBeNull();
  expect((await submit(planned))?.ignored).toBe('the job has ended');
  expect(store.order.version).toBe(3);
});

test('an order that is gone has no step; a failing store fails the change, and the next works', async () => {
  const { prepare, store, submit } = setUp();
  const { order } = store;
  store.order = null;
  expect(await submit(progressed(prepare, 0.1))).toBeNull();
  store.order = order;
  const { write } = store;
  store.write = async () => {
    throw new Error('no connection');
  };
  await expect(submit(progressed(prepare, 0.2))).rejects.toThrow('no connection');
  store.write = write;
  expect((await submit(progressed(prepare, 0.3)))?.ignored).toBeNull();
});

test('an input that cannot be worked out fails alone, not what came with it', async () => {
  const { prepare, store, submit } = setUp();
  const endless = { ...planOfChunks(1), frames: Number.MAX_SAFE_INTEGER, chunkFrames: 1 };
  const [first, bad, next] = await Promise.allSettled([
    submit(progressed(prepare, 0.1)),
    submit(succeeded(prepare, { plan: endless })),
    submit(progressed(prepare, 0.3)),
  ]);
  expect([first, bad, next].map(({ status }) => status)).toEqual([
    ...['fulfilled', 'rejected', 'fulfilled'],
  ]);
  expect(store.order?.state.jobs['prepare/0']?.progress).toBe(0.3);
});
