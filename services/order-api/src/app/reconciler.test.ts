import { afterEach, describe, expect, test } from '@jest/globals';
import type { Messaging, QueueDepth } from '@spillway/messaging';
import { createLogger } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import type { Input } from '../domain/changes.ts';
import type { Lanes, OpenJob, OrderStore } from './ports.ts';
import { type Reconciler, startReconciler } from './reconciler.ts';

const log = createLogger('test', 'silent');
const EMPTY: QueueDepth = { waiting: 0, inFlight: 0, delayed: 0 };
const MINUTE = 60_000;

/** The world as the reconciler sees it, to be set by the test. */
function world() {
  return {
    now: Date.parse('2026-11-23T12:00:00Z'),
    depths: {} as Record<string, QueueDepth>,
    outbox: 0,
    locked: false,
    open: [] as { id: string; createdAt: number }[],
    jobs: [] as OpenJob[],
    applied: [] as { orderId: string; input: Input }[],
    brokerAway: false,
  };
}
type World = ReturnType<typeof world>;

let reconciler: Reconciler | undefined;
afterEach(() => reconciler?.stop());

function reconcile(state: World): Reconciler {
  const database = {
    tryLock: async () => (state.locked ? null : { held: true, release: async () => {} }),
  };
  const store = {
    openSince: async (before: Date) =>
      state.open.filter(({ createdAt }) => createdAt < before.getTime()).map(({ id }) => id),
    openJobsHeardBefore: async (before: Date, lanes: Lanes) =>
      state.jobs.filter(
        ({ kind, priority, heardAt }) =>
          heardAt < before &&
          (kind === 'ingest' ? lanes.ingest : lanes.priorities.includes(priority)),
      ),
    unswept: async () => [],
    removedBefore: async () => [],
  } as unknown as OrderStore;
  const messaging = {
    depth: async (queue: string) => {
      if (state.brokerAway) throw new Error('no connection');
      return state.depths[queue] ?? EMPTY;
    },
  } as unknown as Messaging;
  reconciler = startReconciler({
    database,
    outboxDepth: async () => ({ waiting: state.outbox, rejected: 0, oldestSeconds: 0 }),
    store,
    storage: {} as ObjectStore,
    retain: async () => {},
    messaging,
    workflow: {
      apply: async (orderId, input) => {
        state.applied.push({ orderId, input });
        return null;
      },
      remember: () => {},
    },
    orderTimeoutHours: 24,
    log,
    now: () => state.now,
  });
  return reconciler;
}

async function lookEachMinute(state: World, minutes: number): Promise<void> {
  for (let minute = 0; minute <= minutes; minute++) {
    await reconciler?.look();
    state.now += MINUTE;
  }
}

const lost = {
  orderId: 'ord_1',
  input: { type: 'lost', jobs: ['prepare/0'], heardBefore: expect.any(String) },
};
const withJob = (): World => {
  const state = world();
  state.jobs = [
    {
      ...{ orderId: 'ord_1', kind: 'prepare', index: 0, priority: 'normal', timesLost: 0 },
      heardAt: new Date(state.now - MINUTE),
    },
  ];
  return state;
};

test('an order past its time is timed out, a younger one is not', async () => {
  const state = world();
  state.open = [
    { id: 'ord_old', createdAt: state.now - 25 * 60 * MINUTE },
    { id: 'ord_young', createdAt: state.now - 23 * 60 * MINUTE },
  ];
  const begunBefore = new Date(state.now - 24 * 60 * MINUTE).toISOString();
  await reconcile(state).look();
  expect(state.applied).toEqual([{ orderId: 'ord_old', input: { type: 'timeout', begunBefore } }]);
});

test('a job is lost when nothing was under way for two minutes', async () => {
  const state = withJob();
  reconcile(state);
  await lookEachMinute(state, 1);
  expect(state.applied).toEqual([]);
  await lookEachMinute(state, 0);
  expect(state.applied).toEqual([lost]);
});

test.each<[string, (state: World) => void]>([
  ['a message waits', (state) => (state.depths['encode-jobs'] = { ...EMPTY, waiting: 1 })],
  ['a worker is at it', (state) => (state.depths['encode-jobs'] = { ...EMPTY, inFlight: 1 })],
  ['one was given back', (state) => (state.depths['encode-jobs'] = { ...EMPTY, delayed: 1 })],
  ['a result waits', (state) => (state.depths['job-results'] = { ...EMPTY, waiting: 1 })],
  ['the outbox is not empty', (state) => (state.outbox = 1)],
  ['the broker is away', (state) => (state.brokerAway = true)],
])('no job is lost while %s, and the two minutes begin again', async (_, disturb) => {
  const state = withJob();
  reconcile(state);
  await lookEachMinute(state, 1);
  disturb(state);
  await lookEachMinute(state, 3);
  expect(state.applied).toEqual([]);
  Object.assign(state, { depths: {}, outbox: 0, brokerAway: false });
  await lookEachMinute(state, 1);
  expect(state.applied).toEqual([]);
  await lookEachMinute(state, 0);
  expect(state.applied).toEqual([lost]);
});

test('a job that was sent in the middle of the quiet gets its own two minutes', async () => {
  const state = withJob();
  state.jobs = state.jobs.map((job) => ({ ...job, heardAt: new Date(state.now + MINUTE) }));
  reconcile(state);
  await lookEachMinute(state, 3);
  expect(state.applied).toEqual([]);
  await lookEachMinute(state, 0);
  expect(state.applied).toEqual([lost]);
});

test('a copy that does not hold the lock does nothing', async () => {
  const state = withJob();
  state.open = [{ id: 'ord_old', createdAt: 0 }];
  state.locked = true;
  reconcile(state);
  await lookEachMinute(state, 5);
  expect(state.applied).toEqual([]);
});

describe('a job that nobody has told of for long', () => {
  /** The system is busy, but nothing waits for a worker. */
  const busy = (): World => {
    const state = withJob();
    state.depths = {
      'encode-jobs': { ...EMPTY, inFlight: 4 },
      'job-results': { ...EMPTY, inFlight: 1 },
    };
    state.outbox = 3;
    return state;
  };

  test('is lost after ten minutes, although the workers are busy with others', async () => {
    const state = busy();
    reconcile(state);
    await lookEachMinute(state, 9);
    expect(state.applied).toEqual([]);
    await lookEachMinute(state, 0);
    expect(state.applied).toEqual([lost]);
  });

  test('is given twice as long each time that it was taken for lost', async () => {
    const state = busy();
    state.jobs = state.jobs.map((job) => ({ ...job, timesLost: 1 }));
    reconcile(state);
    await lookEachMinute(state, 18);
    expect(state.applied).toEqual([]);
    await lookEachMinute(state, 0);
    expect(state.applied).toEqual([lost]);
  });

  test.each(['encode-jobs', 'job-results'])(
    'may still be in a queue while %s waits',
    async (queue) => {
      const state = busy();
      state.depths[queue] = { ...EMPTY, waiting: 1 };
      reconcile(state);
      await lookEachMinute(state, 60);
      expect(state.applied).toEqual([]);
    },
  );

  test('is not looked for in a queue of another priority', async () => {
    const state = busy();
    state.depths['encode-jobs-low'] = { ...EMPTY, waiting: 100 };
    reconcile(state);
    await lookEachMinute(state, 10);
    expect(state.applied).toEqual([lost]);
  });
});
