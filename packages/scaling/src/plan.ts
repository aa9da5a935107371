import { type Lanes, placeJobs, startsUntil } from './lanes.ts';

/** Jobs alike: `jobs` of them, each about `estimateSeconds` of one lane's work, waiting or running for `seconds`. */
export interface JobGroup {
  readonly jobs: number;
  readonly estimateSeconds: number;
  readonly seconds: number;
}

export interface ScalingInput {
  /** In the order in which they will be taken. */
  readonly waiting: readonly JobGroup[];
  readonly running: readonly JobGroup[];
  /** Workers that take jobs. */
  readonly ready: number;
  /** Of each worker launched that does not take jobs yet: seconds since its launch. */
  readonly starting: readonly number[];
}

export interface ScalingSettings {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  /** Jobs that one worker does at a time. */
  readonly lanesPerWorker: number;
  /** A job should not wait for longer than this. */
  readonly waitTargetSeconds: number;
  /** From a worker's launch to its first job, usually. */
  readonly startSeconds: number;
}

/**
 * - `nothing_waits`: no job waits.
 * - `in_time`: every waiting job starts within the wait target on the workers that there are.
 * - `late_jobs`: workers are launched, because jobs would start late without them.
 * - `limit`: jobs will start late, and no more workers may be launched.
 * - `minimum`: workers are launched to hold the minimum, which no job needs.
 */
export type ScalingReason = 'nothing_waits' | 'in_time' | 'late_jobs' | 'limit' | 'minimum';

export interface ScalingPlan {
  /** Workers to launch now. Nothing is ever stopped: workers leave by themselves when idle. */
  readonly launch: number;
  readonly reason: ScalingReason;
  readonly waitingJobs: number;
  /** Waiting jobs that would start too late if nothing were launched. */
  readonly lateJobs: number;
  /** Waiting jobs that will start too late although `launch` workers are launched. */
  readonly stillLateJobs: number;
}

/** A job of less is planned as one of this: it must be received and told of, too. */
const SHORTEST_JOB_SECONDS = 0.1;

/**
 * The fewest workers to launch so that the fewest waiting jobs start late.
 *
 * A job is late if it starts later than `waitTargetSeconds` after it began to wait, and no worker
 * launched now could have started it sooner. Jobs are taken in their order by the lane that is free first.
 */
export function planScaling(input: ScalingInput, settings: ScalingSettings): ScalingPlan {
  const waitingJobs = input.waiting.reduce((sum, { jobs }) => sum + jobs, 0);
  const workers = input.ready + input.starting.length;
  const missing = Math.max(0, Math.min(settings.minWorkers, settings.maxWorkers) - workers);
  const room = Math.max(0, settings.maxWorkers - workers);
  const useful = Math.min(room, Math.ceil(waitingJobs / settings.lanesPerWorker));
  const lanes = lanesThatThereAre(input, settings);
  const late = (launch: number) => lateJobs(input.waiting, lanes, launch, settings);

  const lateJobsNow = late(0);
  const fewest = late(useful);
  // More workers never make a job start later, so that the first number that is as good as all is found by halving.
  let low = 0;
  let high = lateJobsNow === fewest ? 0 : useful;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (late(middle) === fewest) high = middle;
    else low = middle + 1;
  }
  const launch = Math.max(low, missing);
  return {
    launch,
    reason: reasonOf({ waitingJobs, lateJobsNow, needed: low, launch }),
    waitingJobs,
    lateJobs: lateJobsNow,
    stillLateJobs: fewest,
  };
}

function reasonOf(plan: {
  readonly waitingJobs: number;
  readonly lateJobsNow: number;
  readonly needed: number;
  readonly launch: number;
}): ScalingReason {
  if (plan.launch > plan.needed) return 'minimum';
  if (plan.needed > 0) return 'late_jobs';
  if (plan.lateJobsNow > 0) return 'limit';
  return plan.waitingJobs > 0 ? 'in_time' : 'nothing_waits';
}

/**
 * How much longer something takes that usually takes `expected` seconds and began `elapsed` seconds ago.
 *
 * What is overdue is expected to take another quarter of its age: that is about the mean of what is left of
 * a logarithmic normal distribution with a sigma of 0.3, which both encodes and starts of containers have.
 * A worker that never comes so counts less and less, and is made up for without a time limit of its own.
 */
function secondsLeft(expected: number, elapsed: number): number {
  return Math.max(expected - elapsed, elapsed / 4);
}

function lanesThatThereAre(input: ScalingInput, settings: ScalingSettings): Lanes {
  const free: number[] = [];
  for (const { jobs, estimateSeconds, seconds } of input.running) {
    const left = secondsLeft(estimateSeconds, seconds);
    for (let job = 0; job < jobs; job += 1) free.push(left);
  }
  const idle = input.ready * settings.lanesPerWorker - free.length;
  for (let lane = 0; lane < idle; lane += 1) free.push(0);
  for (const elapsed of input.starting) {
    const left = secondsLeft(settings.startSeconds, elapsed);
    for (let lane = 0; lane < settings.lanesPerWorker; lane += 1) free.push(left);
  }
  return Float64Array.from(free).sort();
}

/** How many of the waiting jobs start late when `launch` workers are launched now. */
function lateJobs(
  waiting: readonly JobGroup[],
  thereAre: Lanes,
  launch: number,
  settings: ScalingSettings,
): number {
  const { lanesPerWorker, startSeconds, waitTargetSeconds } = settings;
  const lanes = new Float64Array(thereAre.length + launch * lanesPerWorker).fill(startSeconds);
  lanes.set(thereAre);
  lanes.sort();
  const latestOfAll = Math.max(waitTargetSeconds, startSeconds);
  let late = 0;
  for (const group of waiting) {
    if ((lanes[0] ?? Number.POSITIVE_INFINITY) > latestOfAll) {
      late += group.jobs;
      continue;
    }
    const seconds = Math.max(group.estimateSeconds, SHORTEST_JOB_SECONDS);
    const latest = Math.max(waitTargetSeconds - group.seconds, startSeconds);
    late += Math.max(0, group.jobs - startsUntil(lanes, seconds, latest));
    placeJobs(lanes, group.jobs, seconds);
  }
  return late;
}
