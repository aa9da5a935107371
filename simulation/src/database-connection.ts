import { DatabaseError, type Lock, type OutboxDepth, type OutboxStore } from '@spillway/database';
import type { EstimateStore, OrderStore } from '../../services/order-api/src/app/ports.ts';
import type { Estimates } from '../../services/order-api/src/domain/estimates.ts';
import { isEnded, isOpen } from '../../services/order-api/src/domain/order.ts';
import type { Database } from './database.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

export interface DatabaseConnection {
  readonly store: OrderStore;
  readonly estimates: EstimateStore;
  readonly outbox: OutboxStore;
  readonly tryLock: (name: string) => Promise<Lock | null>;
  readonly outboxDepth: () => Promise<OutboxDepth>;
}

type Call = <T>(what: string, effect: () => T) => Promise<T>;

const error = () =>
  new DatabaseError('the simulated database does not answer', { code: 'ECONNRESET' });

/** The database as one process sees it. */
export function connectDatabase(
  world: World,
  database: Database,
  process: Process,
): DatabaseConnection {
  const call: Call = (what, effect) =>
    world.call(process, { part: 'database', what, error, effect });
  const tryLock = (name: string) => {
    let lock: Lock | null = null;
    return world.call(process, {
      part: 'database',
      what: `tries the lock ${name}`,
      effect: () => {
        lock = database.tryLock(name, process);
        return lock;
      },
      // A lock goes with its connection.
      error: () => {
        void lock?.release();
        return error();
      },
    });
  };
  return {
    tryLock,
    outboxDepth: () => call('asks for the depth of the outbox', () => database.outboxDepth()),
    outbox: {
      tryLock: () => tryLock('outbox-relay'),
      take: ({ sent, away, limit }) =>
        call(`removes ${sent.length} and reads the outbox`, () => database.take(sent, away, limit)),
      setAside: () => Promise.reject(new Error('the simulated broker refuses no message')),
    },
    store: {
      ...storeOf(database, call),
      ...openWorkOf(database, call),
      ...sweepingOf(database, call),
      ...views,
    },
    estimates: {
      readEstimates: () => call('reads estimates', () => database.estimates),
      saveEstimates: (estimates: Estimates) =>
        call('saves estimates', () => {
          for (const [key, seconds] of estimates) database.estimates.set(key, seconds);
        }),
    },
  };
}

/** What only HTTP and metrics ask, which are not simulated. */
const notAsked = () => Promise.reject(new Error('a simulation has no views'));
const views = {
  chunkPrefixes: notAsked,
  eventsAfter: notAsked,
  openJobs: notAsked,
  countByStatus: notAsked,
  list: notAsked,
  positions: notAsked,
};

type OpenWork = Pick<OrderStore, 'openSince' | 'openJobsHeardBefore'>;
type Sweeping = Pick<
  OrderStore,
  'unswept' | 'readAll' | 'markSwept' | 'removedBefore' | 'forgetRemoved'
>;

function storeOf(
  database: Database,
  call: Call,
): Omit<OrderStore, keyof (OpenWork & Sweeping & typeof views)> {
  const { orders } = database;
  return {
    create: (steps) => call('creates an order', () => database.create(steps)),
    createOfKey: (order, claim, response) =>
      call('creates an order with a key', () => database.createOfKey(order, claim, response)),
    read: (id) => call(`reads ${id}`, () => orders.get(id) ?? null),
    write: (before, steps) => call('writes', () => database.write(before, steps)),
    readForView: (id) => call(`reads ${id}`, () => orders.get(id)?.state ?? null),
    remove: (id) => call(`removes ${id}`, () => database.remove(id)),
    claimKey: (claim, bodyHash) => call('claims a key', () => database.claimKey(claim, bodyHash)),
    releaseKey: (claim) => call('gives a key up', () => database.releaseKey(claim)),
    forgetKeysBefore: () => call('forgets old keys', () => undefined),
  };
}

function openWorkOf({ orders }: Database, call: Call): OpenWork {
  const open = () => [...orders.values()].filter(({ state }) => !isEnded(state));
  return {
    openSince: (before) =>
      call('looks for old orders', () =>
        open()
          .map(({ state }) => state)
          .filter(({ createdAt, retriedAt }) => new Date(retriedAt ?? createdAt) < before)
          .map(({ id }) => id),
      ),
    openJobsHeardBefore: (before, { ingest, priorities }) =>
      call('looks for silent jobs', () =>
        open().flatMap(({ state: { id: orderId, request, jobs } }) =>
          Object.values(jobs)
            .filter((job) => isOpen(job) && new Date(job.heardAt) < before)
            .filter(({ kind }) =>
              kind === 'ingest' ? ingest : priorities.includes(request.priority),
            )
            .map(({ kind, index, heardAt, timesLost }) => ({
              ...{ orderId, kind, index, timesLost, priority: request.priority },
              heardAt: new Date(heardAt),
            })),
        ),
      ),
  };
}

function sweepingOf({ orders, swept, removed }: Database, call: Call): Sweeping {
  return {
    unswept: (endedBefore, limit) =>
      call('looks for leftovers', () =>
        [...orders.values()]
          .filter(({ state: { id, endedAt } }) => endedAt !== null && !swept.has(id))
          .filter(({ state: { endedAt } }) => new Date(endedAt ?? '') < endedBefore)
          .map(({ state: { id } }) => id)
          .slice(0, limit),
      ),
    readAll: (ids) => call('reads orders', () => ids.flatMap((id) => orders.get(id) ?? [])),
    markSwept: (done) =>
      call('marks orders swept', () => {
        for (const { state, version } of done) {
          if (orders.get(state.id)?.version === version) swept.add(state.id);
        }
      }),
    removedBefore: (before, limit) =>
      call('looks for removed orders', () =>
        [...removed]
          .filter(([, at]) => at < before.getTime())
          .map(([id]) => id)
          .slice(0, limit),
      ),
    forgetRemoved: (id) => call(`forgets ${id}`, () => void removed.delete(id)),
  };
}
