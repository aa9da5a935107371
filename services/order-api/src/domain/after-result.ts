import { chunkCount, type JobResult, type Outcome } from '@spillway/contracts';
import { allSent, type Change, end, withAttempt, withJobs } from './job-changes.ts';
import { newJob } from './jobs.ts';
import { filesToCollect, isForeignBuild, type Succeeded } from './judge-result.ts';
import { type Attempt, isOpen, type JobState, jobKey, type OrderState, planOf } from './order.ts';

/** Chunk results in a row from other ffmpeg builds that make an order begin its chunks again (law 9). */
export const MOST_FOREIGN_BUILDS = 5;
/** That a worker is still at it, and nothing more, is worth a write once in so long. */
const HEARD_STEP_MS = 60_000;

function attemptOf(result: JobResult): Attempt {
  const ended = result.status !== 'progress';
  return {
    attemptId: result.attemptId,
    worker: result.worker,
    startedAt: result.startedAt,
    endedAt: ended ? result.endedAt : null,
    status: ended ? result.status : 'running',
    cpuSeconds: ended ? result.cpuSeconds : null,
    segments: ended ? null : result.segments,
    ffmpegBuild: ended ? result.ffmpegBuild : null,
    error: result.status === 'failed' ? result.error : null,
    exit: result.status === 'failed' ? result.exit : null,
    log: result.status === 'failed' ? result.log : [],
  };
}

type Progress = Extract<JobResult, { status: 'progress' }>;

function afterProgress(state: OrderState, job: JobState, result: Progress, at: string): Change {
  const told = job.attempts.find(({ attemptId }) => attemptId === result.attemptId);
  const hasMore = result.progress > job.progress || (result.segments ?? 0) > (told?.segments ?? 0);
  const heardMs = Date.parse(at) - Date.parse(job.heardAt);
  if (told && !hasMore && heardMs < HEARD_STEP_MS) return { state };
  // Messages overtake each other: an attempt has never fewer segments than it said before.
  const segments = result.segments === null ? null : Math.max(result.segments, told?.segments ?? 0);
  const heard: JobState = {
    ...withAttempt(job, { ...attemptOf(result), segments }),
    status: 'running',
    progress: Math.max(job.progress, result.progress),
    heardAt: at,
  };
  return { state: withJobs(state, [heard]) };
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
  const sent = { status: 'pending', sentAt: at, heardAt: at } as const;
  const again: JobState = { ...withAttempt(job, attempt), ...sent };
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
    restarted.push({ ...made, ...sent, attempts, outcome: null, endedAt: null });
  }
  return allSent({ state: { ...state, ffmpegBuild: null, foreignBuilds: 0 }, garbage }, restarted);
}

/** The next jobs once `state` holds the outcome that was waited for. */
function nextJobs(state: OrderState, result: Succeeded, at: string): readonly JobState[] {
  const plan = planOf(state);
  switch (result.outcome.kind) {
    case 'ingest':
    case 'captions': {
      const brought = Object.values(state.jobs).every(({ status }) => status === 'succeeded');
      return brought ? [newJob('prepare', 0, at)] : [];
    }
    case 'plan': {
      if (!plan) return [];
      const chunks = Array.from({ length: chunkCount(plan) }, (_, index) =>
        newJob('encode-chunk', index, at),
      );
      // It plays with one chunk and the beginning of the sound: a lone worker makes the chunk first,
      // because it leaves the sound only when all of it is there.
      return plan.audio ? chunks.toSpliced(1, 0, newJob('encode-audio', 0, at)) : chunks;
    }
    case 'encode-chunk':
    case 'encode-audio': {
      const encodes = Object.values(state.jobs).filter(({ kind }) => kind.startsWith('encode-'));
      const done = encodes.every(({ status }) => status === 'succeeded');
      return done ? [newJob('package', 0, at)] : [];
    }
    case 'unfit':
      return [newJob('prepare', 1, at)];
    case 'prepare':
    case 'package':
      return [newJob('deliver', 0, at)];
    default:
      return [];
  }
}

/** Of an order: every event tells them, and SNS takes 256 KB. A damaged film of 2000 chunks could warn of each. */
export const MOST_WARNINGS = 100;

function warningsOf({ outcome }: Succeeded): readonly string[] {
  if (!('warnings' in outcome)) return [];
  if (outcome.kind !== 'unfit') return outcome.warnings;
  return [
    ...outcome.warnings,
    `It was encoded whole, because its chunks did not fit together: ${outcome.reason}`,
  ];
}

/** Another attempt has won: this one is noted, and its files go. */
function afterLateSuccess(state: OrderState, job: JobState, result: Succeeded): Change {
  const attempt: Attempt = { ...attemptOf(result), status: 'dropped' };
  return {
    state: withJobs(state, [withAttempt(job, attempt)]),
    garbage: filesToCollect(state, result),
  };
}

const isLast = (outcome: Outcome, { request }: OrderState): boolean =>
  outcome.kind === 'deliver' || ('output' in outcome && request.outputs.destination === null);

function afterSuccess(state: OrderState, job: JobState, result: Succeeded, at: string): Change {
  if (!isOpen(job)) return afterLateSuccess(state, job, result);
  if (isForeignBuild(state, result)) return afterForeignBuild(state, job, result, at);
  const { outcome } = result;
  const done: JobState = {
    ...withAttempt(job, attemptOf(result)),
    status: 'succeeded',
    progress: 1,
    outcome,
    heardAt: at,
    endedAt: at,
  };
  const next: OrderState = {
    ...withJobs(state, [done]),
    warnings: [...new Set([...state.warnings, ...warningsOf(result)])].slice(0, MOST_WARNINGS),
    ...(outcome.kind === 'encode-chunk' && {
      ffmpegBuild: state.ffmpegBuild ?? result.ffmpegBuild,
      foreignBuilds: 0,
    }),
  };
  if (isLast(outcome, state)) return { state: end(next, 'completed', at) };
  return allSent({ state: next }, nextJobs(next, result, at));
}

/** What a result that was waited for makes of its order. */
export function afterResult(state: OrderState, result: JobResult, at: string): Change {
  const job = state.jobs[jobKey(result)];
  if (!job) return { state };
  if (result.status === 'progress') return afterProgress(state, job, result, at);
  if (result.status === 'succeeded') return afterSuccess(state, job, result, at);
  const failed: JobState = {
    ...withAttempt(job, attemptOf(result)),
    status: 'failed',
    heardAt: at,
    endedAt: at,
  };
  return { state: end(withJobs(state, [failed]), 'failed', at, result.error) };
}
