import { canBeRetried, type Failure, type JobResult } from '@spillway/contracts';
import { afterResult } from './after-result.ts';
import { allSent, type Change, end, withJobs } from './job-changes.ts';
import { type Attempt, isOpen, type JobState, jobKey, type OrderState } from './order.ts';
import { progressByJobs } from './progress.ts';

export type Input =
  | { readonly type: 'result'; readonly result: JobResult }
  | { readonly type: 'cancel' }
  /** Its time is over, unless it began (again) at that time or later. */
  | { readonly type: 'timeout'; readonly begunBefore: string }
  | { readonly type: 'retry' }
  /** Jobs, by key, that the reconciler found in no queue and with no worker, unless heard of since. */
  | { readonly type: 'lost'; readonly jobs: readonly string[]; readonly heardBefore: string };

/** Findings of one job that end its order. */
export const MOST_TIMES_LOST = 3;

type Lost = Extract<Input, { type: 'lost' }>;

function afterLost(state: OrderState, { jobs, heardBefore }: Lost, at: string): Change {
  const lost = jobs
    .flatMap((key) => state.jobs[key] ?? [])
    .filter((job) => isOpen(job) && Date.parse(job.heardAt) <= Date.parse(heardBefore))
    .map((job): JobState => {
      const timesLost = job.timesLost + 1;
      return { ...job, timesLost, status: 'pending', sentAt: at, heardAt: at };
    });
  if (lost.length === 0) return { state };
  const hopeless = lost.find(({ timesLost }) => timesLost >= MOST_TIMES_LOST);
  if (!hopeless) return allSent({ state }, lost);
  const error: Failure = {
    code: 'job_lost',
    message: `The job ${jobKey(hopeless)} was lost ${MOST_TIMES_LOST} times without an answer.`,
    retryable: false,
  };
  return { state: end(withJobs(state, lost), 'failed', at, error) };
}

/** Nothing is waited for of an attempt that an earlier run began: what it wrote may be gone. */
const abandoned = (attempts: readonly Attempt[], at: string): Attempt[] =>
  attempts.map((attempt) =>
    attempt.status === 'running' ? { ...attempt, status: 'dropped', endedAt: at } : attempt,
  );

/** A new run of the order: what failed or was dropped is sent again, what succeeded is kept. */
function afterRetry(state: OrderState, at: string): Change {
  if (!canBeRetried(state.status) || state.expiredAt !== null) return { state };
  const again = Object.values(state.jobs)
    .filter(({ status }) => status === 'failed' || status === 'dropped')
    .map(
      (job): JobState => ({
        ...job,
        status: 'pending',
        progress: 0,
        attempts: abandoned(job.attempts, at),
        timesLost: 0,
        sentAt: at,
        heardAt: at,
        endedAt: null,
      }),
    );
  const next: OrderState = {
    ...withJobs(state, again),
    status: 'queued',
    error: null,
    endedAt: null,
    run: state.run + 1,
    retriedAt: at,
  };
  return { state: { ...next, progress: progressByJobs(next) }, send: again };
}

/** It may have begun again since it was found too old. */
const isOlder = ({ createdAt, retriedAt }: OrderState, time: string): boolean =>
  Date.parse(retriedAt ?? createdAt) < Date.parse(time);

/** What an input makes of the order and its jobs, before progress and events. */
export function change(state: OrderState, input: Input, at: string): Change {
  switch (input.type) {
    case 'result':
      return afterResult(state, input.result, at);
    case 'cancel':
      return { state: end(state, 'canceled', at) };
    case 'timeout':
      return { state: isOlder(state, input.begunBefore) ? end(state, 'timed_out', at) : state };
    case 'lost':
      return afterLost(state, input, at);
    case 'retry':
      return afterRetry(state, at);
  }
}
