import type { Backlog } from '@spillway/contracts';
import { backlogOf } from '../domain/backlog.ts';
import { usualSeconds } from '../domain/estimates.ts';
import type { OrderStore } from './ports.ts';
import type { QueueDepths } from './queue-depths.ts';
import type { WorkEstimates } from './work-estimates.ts';

const CACHE_MS = 1_000;

export type ReadBacklog = () => Promise<Backlog>;

export interface BacklogParts {
  readonly store: Pick<OrderStore, 'openJobs'>;
  readonly depths: QueueDepths;
  readonly estimates: Pick<WorkEstimates, 'current'>;
}

/** The backlog: one look at a time, which serves all who ask while it is made and for a second after. */
export function backlogReader({ store, depths, estimates }: BacklogParts): ReadBacklog {
  let made: Promise<Backlog> | null = null;
  const make = async () => {
    const [open, queues] = await Promise.all([store.openJobs(), depths()]);
    return backlogOf(open, usualSeconds(estimates.current()), queues, new Date().toISOString());
  };
  const forget = () => {
    made = null;
  };
  return () => {
    if (!made) {
      made = make();
      made.then(() => setTimeout(forget, CACHE_MS).unref(), forget);
    }
    return made;
  };
}
