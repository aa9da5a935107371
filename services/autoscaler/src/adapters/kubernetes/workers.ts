import type { Worker } from '../../app/ports.ts';
import { hasFailed, isComplete, type Job } from './objects.ts';

export const launchedAt = (job: Job): number => Date.parse(job.metadata.creationTimestamp);

/** What Jobs say of their workers. */
export class Workers {
  #ready: ReadonlySet<string> = new Set();

  /**
   * A worker that was ready once does not start again: when it does not answer for a moment, or any more
   * because it is leaving, Kubernetes says of it what it says of one that starts.
   */
  of(jobs: readonly Job[]): readonly Worker[] {
    const workers = jobs
      .filter((job) => !isComplete(job))
      .map((job): Worker => {
        const id = job.metadata.name;
        const isReady = (job.status?.ready ?? 0) > 0 || this.#ready.has(id);
        const startedAt = new Date(launchedAt(job)).toISOString();
        if (hasFailed(job)) return { id, startedAt, state: 'failed' };
        return { id, startedAt, state: isReady ? 'ready' : 'starting' };
      });
    this.#ready = new Set(workers.filter(({ state }) => state === 'ready').map(({ id }) => id));
    return workers;
  }
}
