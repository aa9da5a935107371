import type { JobResult } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import { type Estimates, learned } from '../domain/estimates.ts';
import type { OrderState } from '../domain/order.ts';
import type { EstimateStore } from './ports.ts';

const SAVE_EVERY_MS = 60_000;

/** How long jobs take, as the results have told so far. */
export interface WorkEstimates {
  current(): Estimates;
  learn(state: OrderState, result: Extract<JobResult, { status: 'succeeded' }>): void;
}

/**
 * Estimates that are learned in the process, written once a minute, and read again then: another process
 * may have learned of other sources. Of a key that both know the last writer's is taken.
 */
export function startWorkEstimates(store: EstimateStore, log: Logger) {
  let known = new Map<string, number>();
  let unsaved = new Map<string, number>();
  let saving: Promise<void> = Promise.resolve();

  async function exchange(): Promise<void> {
    const saved = unsaved;
    unsaved = new Map();
    try {
      if (saved.size > 0) await store.saveEstimates(saved);
      known = new Map([...(await store.readEstimates()), ...unsaved]);
    } catch (err) {
      unsaved = new Map([...saved, ...unsaved]);
      log.warn({ err }, 'estimates could not be exchanged; they will be');
    }
  }
  const save = (): Promise<void> => {
    saving = saving.then(exchange);
    return saving;
  };
  const timer = setInterval(save, SAVE_EVERY_MS).unref();

  const estimates: WorkEstimates = {
    current: () => known,
    learn(state, result) {
      const [key, seconds] = learned(known, state, result);
      known.set(key, seconds);
      unsaved.set(key, seconds);
    },
  };
  return {
    ...estimates,
    /** Resolves when what others learned before is known here too. */
    ready: save(),
    /** Also once a minute. */
    save,
    async stop(): Promise<void> {
      clearInterval(timer);
      await save();
    },
  };
}
