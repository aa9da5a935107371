import { cancelMarker, hasEnded } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import type { Input } from '../domain/changes.ts';
import type { OrderState } from '../domain/order.ts';
import type { Step } from '../domain/reduce.ts';
import { type OrderChangesParts, orderChanges } from './order-changes.ts';
import type { Trace } from './ports.ts';
import type { WorkEstimates } from './work-estimates.ts';

export interface WorkflowParts extends OrderChangesParts {
  readonly storage: ObjectStore;
  readonly estimates: WorkEstimates;
}

/** The one way an order changes. */
export interface Workflow {
  /** Null when there is no such order. `Step.ignored` says why nothing changed. */
  apply(orderId: string, input: Input, trace: Trace, log: Logger): Promise<Step | null>;
  /** An order that was just created: its first change need not read it. */
  remember(created: OrderState): void;
}

/**
 * Removes objects that nothing uses any more. What cannot be removed now is swept at the order's end;
 * after that it is the caller's to come again.
 */
async function removeObjects(
  storage: ObjectStore,
  { garbage, state }: Step,
  log: Logger,
): Promise<void> {
  for (const prefix of garbage) {
    await storage.deletePrefix(prefix).catch((err: unknown) => {
      if (hasEnded(state.status)) throw err;
      log.warn({ err, prefix }, 'unused objects could not be removed');
    });
  }
}

/** Workers look for the marker while they are at it; without it their results are dropped in the end. */
async function stopWorkers(
  storage: ObjectStore,
  { id: orderId, run }: OrderState,
  log: Logger,
): Promise<void> {
  await storage
    .put(cancelMarker(orderId, run), Buffer.from('ended'))
    .catch((err: unknown) => log.warn({ err, orderId }, 'workers could not be told to stop'));
}

export function createWorkflow(parts: WorkflowParts): Workflow {
  const { storage, estimates } = parts;
  const changes = orderChanges(parts);
  return {
    remember: (state) => changes.remember(state),
    async apply(orderId, input, trace, log) {
      const step = await changes.submit(orderId, input, trace);
      if (!step) return null;
      if (step.ignored !== null) log.info({ orderId, reason: step.ignored }, 'input ignored');
      else {
        logStep(log, step.state);
        const result = input.type === 'result' ? input.result : null;
        if (result?.status === 'succeeded') estimates.learn(step.state, result);
      }
      if (step.stopsWork) await stopWorkers(storage, step.state, log);
      await removeObjects(storage, step, log);
      return step;
    },
  };
}

function logStep(log: Logger, { id, status, stage, progress, error }: OrderState): void {
  const level = hasEnded(status) ? 'info' : 'debug';
  log[level]({ orderId: id, status, stage, progress, error: error?.code }, 'order changed');
}
