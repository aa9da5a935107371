import { chunkAt, chunkCount, type JobKind, type Stage } from '@spillway/contracts';
import { jobKey, type OrderState, planOf } from './order.ts';

/** Parts of the whole, by what they usually cost. */
const INGEST_PART = 0.1;
const PLAN_PART = 0.05;
const PACKAGE_PART = 0.05;
/** 1 is for an order that has completed. */
const MOST_BEFORE_THE_END = 0.99;
/** A smaller step is not worth a message. */
export const PROGRESS_STEP = 0.01;

const progressOf = (state: OrderState, kind: JobKind, index = 0): number => {
  const job = state.jobs[jobKey({ kind, index })];
  return job?.status === 'succeeded' ? 1 : (job?.progress ?? 0);
};

function encodeProgress(state: OrderState): number {
  const plan = planOf(state);
  if (!plan) return progressOf(state, 'prepare');
  let frames = 0;
  for (let index = 0; index < chunkCount(plan); index += 1) {
    frames += chunkAt(plan, index).frames * progressOf(state, 'encode-chunk', index);
  }
  const encodePart = 1 - PLAN_PART - PACKAGE_PART;
  return (
    PLAN_PART +
    encodePart * Math.min(1, frames / plan.frames) +
    PACKAGE_PART * progressOf(state, 'package')
  );
}

/** How far the order is by its jobs, 0 to 0.99. */
export function progressByJobs(state: OrderState): number {
  const ingestPart = state.jobs[jobKey({ kind: 'ingest', index: 0 })] ? INGEST_PART : 0;
  const whole = ingestPart * progressOf(state, 'ingest') + (1 - ingestPart) * encodeProgress(state);
  return Math.min(MOST_BEFORE_THE_END, Math.round(whole * 1000) / 1000);
}

/** The furthest step that has jobs. */
export function stageByJobs({ jobs }: OrderState): Stage {
  if (jobs['deliver/0']) return 'package';
  if (jobs['prepare/1']) return 'encode';
  if (jobs['package/0']) return 'package';
  if (jobs['encode-chunk/0']) return 'encode';
  return jobs['prepare/0'] ? 'prepare' : 'ingest';
}
