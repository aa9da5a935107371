import { INGEST_JOBS, JOB_RESULTS, jobQueues, Priority, queueOfJob } from '@spillway/contracts';
import type { Lock, OutboxDepth } from '@spillway/database';
import type { Messaging } from '@spillway/messaging';
import { inSpan, type Logger } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import type { Input } from '../domain/changes.ts';
import { lostPatience, type Standing, standingOf } from '../domain/lost-jobs.ts';
import { jobKey } from '../domain/order.ts';
import type { OrderStore } from './ports.ts';
import { sweepLeftovers, sweepRemoved } from './sweep.ts';
import type { Workflow } from './workflow.ts';

const LOOK_EVERY_MS = 30_000;
/** Workers of an order that has ended stop within seconds; until then they may still write files. */
const SWEEP_AFTER_MS = 60_000;
/** Jobs of a removed order may wait in a queue for hours; its markers make that no work. */
const SWEEP_REMOVED_AFTER_MS = 24 * 3600 * 1000;

export interface ReconcilerParts {
  readonly database: { tryLock(name: string): Promise<Lock | null> };
  readonly outboxDepth: () => Promise<OutboxDepth>;
  readonly store: OrderStore;
  readonly storage: ObjectStore;
  readonly messaging: Messaging;
  readonly workflow: Workflow;
  readonly orderTimeoutHours: number;
  /** Gives up what is kept no longer, see `Sweeper`. */
  readonly retain: () => Promise<void>;
  readonly log: Logger;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

export interface Reconciler {
  /** One look; the timer's own otherwise. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Finds what stands still, so that every order reaches an end (law 7): orders past their time, and jobs
 * that no queue and no worker has. Then it removes what ended orders have left. Of several copies of the
 * API one does it, by a lock of the database.
 */
export function startReconciler(parts: ReconcilerParts): Reconciler {
  const { database, store, workflow, orderTimeoutHours, log, now = Date.now } = parts;
  const lostJobs = lostJobFinder(parts, now);
  let lock: Lock | null = null;
  let looking: Promise<void> = Promise.resolve();

  const apply = async (orderId: string, input: Input): Promise<void> => {
    log.warn({ orderId, input }, 'an order stands still');
    const attributes = { 'spillway.order.id': orderId, 'spillway.input': input.type };
    await inSpan('revive order', { attributes }, ({ traceparent }) =>
      workflow.apply(orderId, input, { traceparent }, log),
    );
  };

  async function sweep(): Promise<void> {
    await parts.retain();
    await sweepLeftovers(parts, new Date(now() - SWEEP_AFTER_MS));
    await sweepRemoved(parts, new Date(now() - SWEEP_REMOVED_AFTER_MS));
  }

  async function lookOnce(): Promise<void> {
    if (!lock?.held) lock = await database.tryLock('reconciler');
    if (!lock) return;
    const tooOld = new Date(now() - orderTimeoutHours * 3600 * 1000);
    const begunBefore = tooOld.toISOString();
    for (const id of await store.openSince(tooOld)) {
      await apply(id, { type: 'timeout', begunBefore });
    }
    for (const { orderId, input } of await lostJobs.find()) await apply(orderId, input);
    await sweep().catch((err: unknown) =>
      log.warn({ err }, 'leftovers stay where they are until the next look'),
    );
  }

  const look = (): Promise<void> => {
    looking = looking.then(lookOnce).catch((err: unknown) => {
      lostJobs.forget();
      log.warn({ err }, 'the reconciler could not look; it will again');
    });
    return looking;
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();

  return {
    look,
    async stop() {
      clearInterval(timer);
      await looking;
      await lock?.release();
    },
  };
}

/** Remembers from look to look which lanes were quiet. */
function lostJobFinder({ outboxDepth, store, messaging }: ReconcilerParts, now: () => number) {
  let lanes = new Map<string, Standing>();

  async function look(): Promise<void> {
    const outbox = await outboxDepth();
    const results = await messaging.depth(JOB_RESULTS);
    const depths = await Promise.all(
      jobQueues.map(async (queue) => [queue, await messaging.depth(queue)] as const),
    );
    lanes = new Map(
      depths.map(([queue, lane]) => {
        const seen = { lane, results, outbox };
        return [queue, standingOf(seen, lanes.get(queue) ?? null, now())];
      }),
    );
  }

  return {
    /** What the orders of jobs that are lost are to be told. */
    async find(): Promise<{ orderId: string; input: Input }[]> {
      await look();
      const patience = (queue: string, timesLost: number) =>
        lostPatience(lanes.get(queue), timesLost, now());
      const least = [...lanes.keys()].map((queue) => patience(queue, 0) ?? Infinity);
      const leastMs = Math.min(...least);
      if (leastMs === Infinity) return [];
      const mayBeLost = (queue: string) => patience(queue, 0) !== null;
      const silent = await store.openJobsHeardBefore(new Date(now() - leastMs), {
        ingest: mayBeLost(INGEST_JOBS),
        priorities: Priority.options.filter((priority) =>
          mayBeLost(queueOfJob('prepare', priority)),
        ),
      });
      const lost = silent.filter(({ kind, priority, heardAt, timesLost }) => {
        const patienceMs = patience(queueOfJob(kind, priority), timesLost);
        return patienceMs !== null && now() - heardAt.getTime() >= patienceMs;
      });
      const heardBefore = new Date(now() - leastMs).toISOString();
      return [...Map.groupBy(lost, ({ orderId }) => orderId)].map(([orderId, jobs]) => ({
        orderId,
        input: { type: 'lost', jobs: jobs.map(jobKey), heardBefore },
      }));
    },
    /** A look that failed may have missed something under way. */
    forget: () => lanes.clear(),
  };
}
