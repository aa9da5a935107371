import { type Backlog, jobQueues } from '@spillway/contracts';

type Lane = Backlog['waiting'];

/** Open jobs of one status, added up. */
export interface OpenJobs {
  readonly jobs: number;
  /** Of the jobs that have an estimate. */
  readonly estimatedSeconds: number;
  readonly jobsWithEstimate: number;
  readonly oldestSeconds: number | null;
}

export interface OpenJobsByStatus {
  readonly pending: OpenJobs;
  readonly running: OpenJobs;
}

export const noJobs: OpenJobs = {
  jobs: 0,
  estimatedSeconds: 0,
  jobsWithEstimate: 0,
  oldestSeconds: null,
};

/** Jobs without an estimate count with the mean of those that have one, of either lane. */
function laneOf(open: OpenJobs, mean: number): Lane {
  const withoutEstimate = open.jobs - open.jobsWithEstimate;
  return {
    jobs: open.jobs,
    estimatedSeconds: open.estimatedSeconds + withoutEstimate * mean,
    oldestSeconds: open.oldestSeconds,
  };
}

/**
 * What waits and what runs. A job says that it runs only after its first seconds, so what the job
 * queues have handed out counts as running too.
 */
export function backlogOf(
  { pending, running }: OpenJobsByStatus,
  queues: Backlog['queues'],
  at: string,
): Backlog {
  const known = pending.jobsWithEstimate + running.jobsWithEstimate;
  const mean = known > 0 ? (pending.estimatedSeconds + running.estimatedSeconds) / known : 0;
  const notStarted = laneOf(pending, mean);
  const started = laneOf(running, mean);
  const ofJobs: readonly string[] = jobQueues;
  const inFlight = queues
    .filter(({ name }) => ofJobs.includes(name))
    .reduce((sum, queue) => sum + queue.inFlight, 0);
  const silent = Math.min(pending.jobs, Math.max(0, inFlight - running.jobs));
  const silentSeconds =
    pending.jobs > 0 ? (notStarted.estimatedSeconds * silent) / pending.jobs : 0;
  const stillWaiting = pending.jobs - silent;
  return {
    waiting: {
      jobs: stillWaiting,
      // Rounding must not make it less than nothing.
      estimatedSeconds: Math.max(0, notStarted.estimatedSeconds - silentSeconds),
      oldestSeconds: stillWaiting > 0 ? notStarted.oldestSeconds : null,
    },
    running: {
      jobs: started.jobs + silent,
      estimatedSeconds: started.estimatedSeconds + silentSeconds,
      oldestSeconds: started.oldestSeconds ?? (silent > 0 ? notStarted.oldestSeconds : null),
    },
    queues,
    at,
  };
}
