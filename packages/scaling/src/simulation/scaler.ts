import type { JobGroup } from '../plan.ts';

/** What an algorithm is told. Counts of jobs are as noisy as a queue's. */
export interface View {
  readonly now: number;
  /** Messages that wait, as a queue counts them. */
  readonly visible: number;
  /** Messages that were received and not deleted. */
  readonly inFlight: number;
  /** In the order in which they will be taken. */
  waiting(): readonly JobGroup[];
  running(): readonly JobGroup[];
  readonly ready: number;
  /** Of each worker that does not take jobs yet: seconds since its launch. */
  readonly starting: readonly number[];
  /** Lanes at work over lanes of ready workers: what a CPU metric shows. */
  readonly busyShare: number;
}

/** Workers to add; or how many there are to be, and whoever is too many is stopped. */
export type Decision = { readonly launch: number } | { readonly workers: number };

export interface Scaler {
  readonly name: string;
  readonly everySeconds: number;
  readonly minWorkers: number;
  /** A worker leaves by itself after so many idle seconds; null: it stays until it is stopped. */
  readonly leavesAfterSeconds: number | null;
  /** A worker takes one job a lane, ever. */
  readonly oneJob: boolean;
  decide(view: View): Decision;
}

export interface ScalerSettings {
  readonly maxWorkers: number;
  readonly lanesPerWorker: number;
  readonly waitTargetSeconds: number;
  /** From launch to first job, usually. */
  readonly startSeconds: number;
  /** What a job takes, in the mean: whoever sets a target a worker has to know it. */
  readonly meanJobSeconds: number;
}

export type ScalerFactory = (settings: ScalerSettings) => Scaler;
