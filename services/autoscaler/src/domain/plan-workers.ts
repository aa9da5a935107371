import { INGEST_JOBS, type JobGroup } from '@spillway/contracts';
import { planScaling, type ScalingPlan, type ScalingSettings } from '@spillway/scaling';

/** What waits and what runs. */
export interface Work {
  /** In the order in which workers take them. */
  readonly waiting: readonly JobGroup[];
  readonly running: readonly JobGroup[];
}

export interface Workers {
  readonly ready: number;
  /** Of each one that was launched and takes no jobs yet: seconds since then. */
  readonly starting: readonly number[];
}

export interface PlanSettings {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly waitTargetSeconds: number;
  readonly startSeconds: number;
  readonly workerCores: number;
  readonly ingestSlots: number;
}

const isCopy = ({ queue }: JobGroup): boolean => queue === INGEST_JOBS;
const isEncode = (group: JobGroup): boolean => !isCopy(group);

/**
 * Copies wait for the network and encodes for the processor, and a worker has a lane of its own for each: neither
 * waits for the other. So each is planned as if there were nothing else, and the larger plan is enough for both.
 */
export function planWorkers(work: Work, workers: Workers, settings: PlanSettings): ScalingPlan {
  const { workerCores, ingestSlots, ...limits } = settings;
  const plan = (belongs: (group: JobGroup) => boolean, lanesPerWorker: number): ScalingPlan => {
    const lane: ScalingSettings = { ...limits, lanesPerWorker };
    const waiting = work.waiting.filter(belongs);
    const running = work.running.filter(belongs);
    return planScaling({ ...workers, waiting, running }, lane);
  };
  const encodes = plan(isEncode, workerCores);
  const copies = plan(isCopy, ingestSlots);
  // Of two alike it is the one that has something to tell.
  const tellsMore = encodes.lateJobs === 0 && copies.waitingJobs > 0;
  return {
    ...(copies.launch > encodes.launch || tellsMore ? copies : encodes),
    waitingJobs: encodes.waitingJobs + copies.waitingJobs,
    lateJobs: encodes.lateJobs + copies.lateJobs,
    stillLateJobs: encodes.stillLateJobs + copies.stillLateJobs,
  };
}
