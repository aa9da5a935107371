import { chunkCount, type Failure, type JobResult } from '@spillway/contracts';
import { newJob } from './jobs.ts';
import { filesToCollect, isForeignBuild, type Succeeded } from './judge-result.ts';
import { type Attempt, isOpen, type JobState, jobKey, type OrderState, planOf } from './order.ts';

export type Input =
  | { readonly type: 'result'; readonly result: JobResult }
  | { readonly type: 'cancel' }
  | { readonly type: 'timeout' }
  /** Jobs, by key, that the reconciler found in no queue and with no worker. */
  | { readonly type: 'lost'; readonly jobs: readonly string[] };

/** Findings of one job that end its order. */
export const MOST_TIMES_LOST = 3;
/** Chunk results in a row from other ffmpeg builds that make an order begin its chunks again (law 9). */
export const MOST_FOREIGN_BUILDS = 5;

/** Before it is told to anyone. */
export interface Change {
  readonly state: OrderState;
  readonly send?: readonly JobState[];
  readonly garbage?: readonly string[];
}

const withJobs = (state: OrderState, jobs: readonly JobState[]): OrderState => ({
  ...state,
  jobs: { ...state.jobs, ...Object.fromEntries(jobs.map((job) => [jobKey(job), job])) },
});

const allSent = (change: Change, jobs: readonly JobState[]): Change => ({
  ...change,
  state: withJobs(change.state, jobs),
  send: jobs,
});

function attemptOf(result: JobResult): Attempt {
  const ended = result.status !== 'progress';
  return {
    attemptId: result.attemptId,
    worker: result.worker,
    startedAt: result.startedAt,
    endedAt: ended ? result.endedAt : null,
    status: ended ? result.status : 'running',
    cpuSeconds: ended ? result.cpuSeconds : null,
    ffmpegBuild: ended ? result.ffmpegBuild : null,
    error: result.status === 'failed' ? result.error : null,
    log: result.status === 'failed' ? result.log : [],
  };
}

const withAttempt = (job: JobState, attempt: Attempt): JobState => ({
  ...job,
  attempts: [...job.attempts.filter(({ attemptId }) => attemptId !== attempt.attemptId), attempt],
});

/** Ends the order; jobs that are still open are dropped. */
function end(
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

function afterProgress(state: OrderState, job: JobState, result: JobResult): Change {
  if (result.status !== 'progress') return { state };
  const known = job.attempts.some(({ attemptId }) => attemptId === result.attemptId);
  if (known && result.progress <= job.progress) return { state };
  const told = known ? job : withAttempt(job, attemptOf(result));
  const progress = Math.max(job.progress, result.progress);
  return { state: withJobs(state, [{ ...told, status: 'running', progress }]) };
}

/** Another build's chunk does not fit the order's: made again, or, when only others answer, all are. */
function afterForeignBuild(
  state: OrderState,
  job: JobState,
  result: Succeeded,
  at: string,
): Change {
  const garbage = filesToCollect(state, result);
  const attempt: Attempt = { ...attemptOf(result), status: 'dropped' };
  const again: JobState = { ...withAttempt(job, attempt), status: 'pending', sentAt: at };
  const foreignBuilds = state.foreignBuilds + 1;
  if (foreignBuilds < MOST_FOREIGN_BUILDS) {
    return allSent({ state: { ...state, foreignBuilds }, garbage }, [again]);
  }
  const restarted: JobState[] = [again];
  for (const made of Object.values(state.jobs)) {
    if (made.kind !== 'encode-chunk' || made.outcome?.kind !== 'encode-chunk') continue;
    garbage.push(made.outcome.prefix);
    const attempts = made.attempts.map(
      (old): Attempt => (old.status === 'succeeded' ? { ...old, status: 'dropped' } : old),
    );
    restarted.push({
      ...made,
      attempts,
      status: 'pending',
      outcome: null,
      sentAt: at,
      endedAt: null,
    });
  }
  return allSent({ state: { ...state, ffmpegBuild: null, foreignBuilds: 0 }, garbage }, restarted);
}

/** The next jobs once `state` holds the outcome that was waited for. */
function nextJobs(state: OrderState, result: Succeeded, at: string): readonly JobState[] {
  const plan = planOf(state);
  switch (result.outcome.kind) {
    case 'ingest':
      return [newJob('prepare', 0, at)];
    case 'plan': {
      if (!plan) return [];
      const chunks = Array.from({ length: chunkCount(plan) }, (_, index) =>
        newJob('encode-chunk', index, at),
      );
      // The sound first: nothing is playable without its beginning.
      return plan.audio ? [newJob('encode-audio', 0, at), ...chunks] : chunks;
    }
    case 'encode-chunk':
    case 'encode-audio': {
      const encodes = Object.values(state.jobs).filter(({ kind }) => kind.startsWith('encode-'));
      const done = encodes.every(({ status }) => status === 'succeeded');
      return done ? [newJob('package', 0, at)] : [];
    }
    default:
      return [];
  }
}

function afterSuccess(state: OrderState, job: JobState, result: Succeeded, at: string): Change {
  if (isForeignBuild(state, result)) return afterForeignBuild(state, job, result, at);
  const { outcome } = result;
  const done: JobState = {
    ...withAttempt(job, attemptOf(result)),
    status: 'succeeded',
    progress: 1,
    outcome,
    endedAt: at,
  };
  const warnings = outcome.kind === 'ingest' ? [] : outcome.warnings;
  const next: OrderState = {
    ...withJobs(state, [done]),
    warnings: [...new Set([...state.warnings, ...warnings])],
    ...(outcome.kind === 'encode-chunk' && {
      ffmpegBuild: state.ffmpegBuild ?? result.ffmpegBuild,
      foreignBuilds: 0,
    }),
  };
  if ('output' in outcome) return { state: end(next, 'completed', at) };
  return allSent({ state: next }, nextJobs(next, result, at));
}

function afterResult(state: OrderState, result: JobResult, at: string): Change {
  const job = state.jobs[jobKey(result)];
  if (!job) return { state };
  if (result.status === 'progress') return afterProgress(state, job, result);
  if (result.status === 'succeeded') return afterSuccess(state, job, result, at);
  const failed: JobState = {
    ...withAttempt(job, attemptOf(result)),
    status: 'failed',
    endedAt: at,
  };
  return { state: end(withJobs(state, [failed]), 'failed', at, result.error) };
}

function afterLost(state: OrderState, keys: readonly string[], at: string): Change {
  const lost = keys
    .flatMap((key) => state.jobs[key] ?? [])
    .filter(isOpen)
    .map((job): JobState => ({ ...job, timesLost: job.timesLost + 1, sentAt: at }));
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

/** What an input makes of the order and its jobs, before progress and events. */
export function change(state: OrderState, input: Input, at: string): Change {
  switch (input.type) {
    case 'result':
      return afterResult(state, input.result, at);
    case 'cancel':
      return { state: end(state, 'canceled', at) };
    case 'timeout':
      return { state: end(state, 'timed_out', at) };
    case 'lost':
      return afterLost(state, input.jobs, at);
  }
}
