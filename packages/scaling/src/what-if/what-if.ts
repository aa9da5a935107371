import { QUEUE_NOISE } from '../simulation/noise.ts';
import type { Platform } from '../simulation/platforms.ts';
import type { ScalerFactory } from '../simulation/scaler.ts';
import { cdkSteps, targetTracking } from '../simulation/scalers/cloud-watch.ts';
import { kedaScaledJob } from '../simulation/scalers/keda-scaled-job.ts';
import { kedaScaledObject } from '../simulation/scalers/keda-scaled-object.ts';
import { spillway } from '../simulation/scalers/spillway.ts';
import { simulate } from '../simulation/simulate.ts';
import { type Summary, summarize } from '../simulation/summary.ts';
import { floodOf, type Order, type OrderWork, workOf } from './flood.ts';

export interface Question extends Order {
  readonly orders: number;
  readonly minutes: number;
  readonly platform: Platform;
  readonly maxWorkers: number;
  readonly cores: number;
  readonly waitTargetSeconds: number;
  /** Core-seconds of one order, where somebody measured them; null: as the encoder plans. */
  readonly orderSeconds: number | null;
}

export interface Answer {
  readonly work: OrderWork;
  readonly rows: readonly Row[];
}

export interface Row extends Summary {
  /** Of one flood, in the mean. */
  readonly billedCoreSeconds: number;
}

const SEEDS = [1, 2, 3];

/** What a flood would take on our plan and on others, simulated; the mean of a few. */
export function whatIf(question: Question): Answer {
  const planned = workOf(question);
  const work = { ...planned, coreSeconds: question.orderSeconds ?? planned.coreSeconds };
  const { platform, maxWorkers, cores, waitTargetSeconds } = question;
  const play = (scaler: ScalerFactory): Row => {
    const summary = summarize(
      SEEDS.map((seed) =>
        simulate({
          trace: floodOf(work, question, seed),
          scaler,
          platform,
          settings: {
            maxWorkers,
            lanesPerWorker: cores,
            waitTargetSeconds,
            startSeconds: platform.usualStartSeconds,
            meanJobSeconds: work.coreSeconds / work.jobs,
          },
          noise: QUEUE_NOISE,
          order: 'first_come',
          seed,
        }),
      ),
    );
    return { ...summary, billedCoreSeconds: summary.billedSeconds / SEEDS.length };
  };
  const others = [kedaScaledObject(cores), kedaScaledJob('accurate'), targetTracking, cdkSteps];
  return { work, rows: [spillway, ...others].map(play) };
}
