import { cancelMarker, hasEnded } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import type { Input } from '../domain/changes.ts';
import type { OrderState } from '../domain/order.ts';
import { reduce, type Step } from '../domain/reduce.ts';
import type { OrderStore, Trace } from './ports.ts';

export interface WorkflowParts {
  readonly store: OrderStore;
  readonly storage: ObjectStore;
  /** Where orders' streams are found, without a slash at the end. */
  readonly publicUrl: string;
  /** Hears of every change once it is durable: the relay has messages, listeners have events. */
  readonly onCommitted: (step: Step) => void;
}

/** The one way an order changes. */
export interface Workflow {
  /** Null when there is no such order. `Step.ignored` says why nothing changed. */
  apply(orderId: string, input: Input, trace: Trace, log: Logger): Promise<Step | null>;
}

/** Objects that nothing uses any more; what cannot be removed now goes with the order. */
async function removeObjects(
  storage: ObjectStore,
  prefixes: readonly string[],
  log: Logger,
): Promise<void> {
  for (const prefix of prefixes) {
    await storage
      .deletePrefix(prefix)
      .catch((err: unknown) => log.warn({ err, prefix }, 'unused objects could not be removed'));
  }
}

/** Workers look for the marker while they are at it; without it their results are dropped in the end. */
async function stopWorkers(storage: ObjectStore, orderId: string, log: Logger): Promise<void> {
  await storage
    .put(cancelMarker(orderId), Buffer.from('ended'))
    .catch((err: unknown) => log.warn({ err, orderId }, 'workers could not be told to stop'));
}

export function createWorkflow(parts: WorkflowParts): Workflow {
  const { store, storage, publicUrl, onCommitted } = parts;

  /** Reads, decides, and writes only if the order is still the one that was read (law 2). */
  async function change(orderId: string, input: Input, trace: Trace): Promise<Step | null> {
    for (;;) {
      const read = await store.read(orderId);
      if (!read) return null;
      const step = reduce(read.state, input, new Date().toISOString(), publicUrl);
      if (step.ignored !== null) return step;
      if (await store.write(read.state, read.version, step, trace)) {
        onCommitted(step);
        return step;
      }
    }
  }

  return {
    async apply(orderId, input, trace, log) {
      const step = await change(orderId, input, trace);
      if (!step) return null;
      if (step.ignored !== null) log.info({ orderId, reason: step.ignored }, 'input ignored');
      else logStep(log, step.state);
      if (step.stopsWork) await stopWorkers(storage, orderId, log);
      await removeObjects(storage, step.garbage, log);
      return step;
    },
  };
}

function logStep(log: Logger, { id, status, stage, progress, error }: OrderState): void {
  const level = hasEnded(status) ? 'info' : 'debug';
  log[level]({ orderId: id, status, stage, progress, error: error?.code }, 'order changed');
}
