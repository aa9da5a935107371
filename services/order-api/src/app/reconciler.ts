import { JOB_RESULTS, jobQueues } from '@spillway/contracts';
import type { Database, Lock, OutboxDepth } from '@spillway/database';
import type { Messaging } from '@spillway/messaging';
import { childTraceparent, type Logger } from '@spillway/runtime';
import type { Input } from '../domain/changes.ts';
import type { OrderStore } from './ports.ts';
import type { Workflow } from './workflow.ts';

const LOOK_EVERY_MS = 30_000;
/** A job is lost when nothing was under way for so long, at every look, and it has still not ended. */
const QUIET_MS = 120_000;
const KEY_LIFE_MS = 24 * 3600 * 1000;

export interface ReconcilerParts {
  readonly database: Pick<Database, 'tryLock'>;
  readonly outboxDepth: () => Promise<OutboxDepth>;
  readonly store: OrderStore;
  readonly messaging: Messaging;
  readonly workflow: Workflow;
  readonly orderTimeoutHours: number;
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
 * that no queue and no worker has. Of several copies of the API one does it, by a lock of the database.
 */
export function startReconciler(parts: ReconcilerParts): Reconciler {
  const { database, outboxDepth, store, messaging, workflow } = parts;
  const { orderTimeoutHours, log, now = Date.now } = parts;
  let lock: Lock | null = null;
  /** Since when no look has found anything under way; null while something is. */
  let quietSince: number | null = null;
  let looking: Promise<void> = Promise.resolve();

  const apply = async (orderId: string, input: Input): Promise<void> => {
    log.warn({ orderId, input }, 'an order stands still');
    await workflow.apply(orderId, input, { traceparent: childTraceparent() }, log);
  };

  async function isQuiet(): Promise<boolean> {
    const queues = [...jobQueues, JOB_RESULTS];
    const depths = await Promise.all(queues.map((queue) => messaging.depth(queue)));
    const empty = depths.every(
      ({ waiting, inFlight, delayed }) => waiting + inFlight + delayed === 0,
    );
    return empty && (await outboxDepth()).waiting === 0;
  }

  async function findLostJobs(): Promise<void> {
    if (!(await isQuiet())) {
      quietSince = null;
      return;
    }
    quietSince ??= now();
    if (now() - quietSince < QUIET_MS) return;
    const lost = await store.openJobsSentBefore(new Date(now() - QUIET_MS));
    for (const { orderId, keys } of lost) await apply(orderId, { type: 'lost', jobs: keys });
  }

  async function lookOnce(): Promise<void> {
    if (!lock?.held) lock = await database.tryLock('reconciler');
    if (!lock) return;
    const tooOld = new Date(now() - orderTimeoutHours * 3600 * 1000);
    for (const id of await store.openSince(tooOld)) await apply(id, { type: 'timeout' });
    await store.forgetKeysBefore(new Date(now() - KEY_LIFE_MS));
    await findLostJobs();
  }

  const look = (): Promise<void> => {
    looking = looking.then(lookOnce).catch((err: unknown) => {
      quietSince = null;
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
