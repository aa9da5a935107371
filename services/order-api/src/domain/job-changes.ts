import type { Failure } from '@spillway/contracts';
import { type Attempt, isOpen, type JobState, jobKey, type OrderState } from './order.ts';

/** What an input makes of an order, before it is told to anyone. */
export interface Change {
  readonly state: OrderState;
  /** Jobs of the state that are to be sent. */
  readonly send?: readonly JobState[];
  readonly garbage?: readonly string[];
}

export const withJobs = (state: OrderState, jobs: readonly JobState[]): OrderState => ({
  ...state,
  jobs: { ...state.jobs, ...Object.fromEntries(jobs.map((job) => [jobKey(job), job])) },
});

export const allSent = (change: Change, jobs: readonly JobState[]): Change => ({
  ...change,
  state: withJobs(change.state, jobs),
  send: jobs,
});

/** In place of what was known of that attempt. */
export const withAttempt = (job: JobState, attempt: Attempt): JobState => ({
  ...job,
  attempts: [...job.attempts.filter(({ attemptId }) => attemptId !== attempt.attemptId), attempt],
});

/** Ends the order; jobs that are still open are dropped. */
export function end(
  state: OrderState,
  status: 'completed' | 'failed' | 'canceled' | 'timed_out',
  at: string,
  error: Failure | null = null,
): OrderState {
  const dropped = Object.values(state.jobs)
    .filter(isOpen)
    .map((job): JobState => ({ ...job, status: 'dropped', endedAt: at }));
  const completed = status === 'completed';
  return {
    ...withJobs(state, dropped),
    status,
    error,
    endedAt: at,
    playableAt: completed ? (state.playableAt ?? at) : state.playableAt,
    progress: completed ? 1 : state.progress,
  };
}
