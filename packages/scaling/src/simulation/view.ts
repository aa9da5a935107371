import type { JobGroup } from '../plan.ts';
import type { Figures } from './noise.ts';
import type { Queue } from './queue.ts';
import type { View } from './scaler.ts';
import type { SimulatedJob } from './traces.ts';

export interface Run {
  readonly job: SimulatedJob;
  readonly startedAt: number;
}

export interface Worker {
  readonly launchedAt: number;
  state: 'starting' | 'ready' | 'stopping' | 'gone';
  readonly running: Set<Run>;
  taken: number;
  idleSince: number;
}

interface World {
  readonly now: number;
  readonly workers: readonly Worker[];
  readonly queue: Queue;
  readonly figures: Figures;
  readonly lanesPerWorker: number;
}

/** What an algorithm gets to know of the world. */
export function viewOf({ now, workers, queue, figures, lanesPerWorker }: World): View {
  const ready = workers.filter(({ state }) => state === 'ready');
  const runs = workers.flatMap(({ running }) => [...running]);
  const busy = ready.reduce((sum, { running }) => sum + running.size, 0);
  return {
    now,
    visible: figures.count(queue.length),
    inFlight: figures.count(runs.length),
    waiting: () => waitingGroups(queue, figures, now),
    running: () =>
      runs.map(({ job, startedAt }) => ({
        jobs: 1,
        estimateSeconds: job.estimateSeconds,
        seconds: now - startedAt,
      })),
    ready: ready.length,
    starting: workers
      .filter(({ state }) => state === 'starting')
      .map(({ launchedAt }) => now - launchedAt),
    busyShare: ready.length > 0 ? busy / (ready.length * lanesPerWorker) : 0,
  };
}

/** Jobs of the same estimate that came within so many seconds are told as a group of the oldest one's age. */
const GROUP_SECONDS = 5;

function waitingGroups(queue: Queue, figures: Figures, now: number): JobGroup[] {
  const groups: { jobs: number; estimateSeconds: number; seconds: number }[] = [];
  for (const { estimateSeconds, arrival } of queue) {
    const jobs = figures.seen();
    const seconds = now - arrival;
    const last = groups.at(-1);
    const alike = last?.estimateSeconds === estimateSeconds;
    if (last && alike && Math.abs(last.seconds - seconds) < GROUP_SECONDS) last.jobs += jobs;
    else groups.push({ jobs, estimateSeconds, seconds });
  }
  return groups;
}
