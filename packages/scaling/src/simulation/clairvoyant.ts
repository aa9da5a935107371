import type { Platform } from './platforms.ts';
import { createRandom } from './random.ts';
import type { Trace } from './traces.ts';

export interface ClairvoyantResult {
  readonly billedSeconds: number;
  readonly waits: readonly number[];
}

interface Worker {
  readonly launchedAt: number;
  free: number;
}

/** Of idle times that are worth their price, which depends on what comes after them: each is tried. */
const PATIENCE_SECONDS = [0, 15, 30, 45, 60];

/**
 * What is paid by somebody who knows every arrival, every length and every start ahead, and lets no job wait for longer than the target.
 *
 * A worker is launched so that it is ready at the last moment of a job that nobody else could take; a worker that would be idle for
 * longer than a start takes leaves at once. Jobs are taken in the order of arrival. The cheapest of several
 * patiences is told. It is a schedule that could be, not a proved minimum: finding that one is NP-hard.
 */
export function clairvoyant(
  trace: Trace,
  waitTargetSeconds: number,
  platform: Platform,
  seed: number,
): ClairvoyantResult {
  const results = PATIENCE_SECONDS.map((patience) =>
    schedule(trace, waitTargetSeconds, platform, seed, patience),
  );
  return results.reduce((best, result) =>
    result.billedSeconds < best.billedSeconds ? result : best,
  );
}

function schedule(
  trace: Trace,
  waitTargetSeconds: number,
  platform: Platform,
  seed: number,
  patienceSeconds: number,
): ClairvoyantResult {
  const random = createRandom(seed);
  let there: Worker[] = [];
  let billedSeconds = 0;
  const waits: number[] = [];
  const end = (worker: Worker) => {
    billedSeconds += Math.max(worker.free - worker.launchedAt, platform.minimumSeconds);
  };
  for (const { arrival, workSeconds } of trace.jobs) {
    const latest = arrival + waitTargetSeconds;
    const gone = ({ free }: Worker) => free < arrival - patienceSeconds;
    for (const worker of there.filter(gone)) end(worker);
    there = there.filter((worker) => !gone(worker));
    let worker = choose(there, arrival, latest);
    if (!worker) {
      worker = { launchedAt: latest - platform.startSeconds(random), free: latest };
      there.push(worker);
    }
    const start = Math.max(arrival, worker.free);
    waits.push(start - arrival);
    worker.free = start + workSeconds;
  }
  for (const worker of there) end(worker);
  return { billedSeconds, waits };
}

/** Who becomes free within the job's time, the first one first; else who has been idle for the shortest time. */
function choose(there: readonly Worker[], arrival: number, latest: number): Worker | undefined {
  let busy: Worker | undefined;
  let idle: Worker | undefined;
  for (const worker of there) {
    if (worker.free > latest) continue;
    if (worker.free >= arrival) {
      if (!busy || worker.free < busy.free) busy = worker;
    } else if (!idle || worker.free > idle.free) idle = worker;
  }
  return busy ?? idle;
}
