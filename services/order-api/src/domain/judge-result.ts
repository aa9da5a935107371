import { attemptPrefix, type JobResult, jobId, type Outcome } from '@spillway/contracts';
import { isEnded, isOpen, jobKey, type OrderState, planOf } from './order.ts';

export type Succeeded = Extract<JobResult, { status: 'succeeded' }>;

/** Attempt ids become part of object keys; anything else is not from a worker of ours. */
const ATTEMPT_ID = /^[A-Za-z0-9_-]{1,64}$/;

function fitsJob(outcome: Outcome, { kind, index }: JobResult): boolean {
  if (kind === 'ingest') return outcome.kind === (index === 0 ? 'ingest' : 'captions');
  if (outcome.kind === 'plan') return kind === 'prepare' && index === 0;
  if (outcome.kind === 'unfit') return kind === 'package';
  return outcome.kind === kind;
}

/** A winner's files are where only that attempt writes, and a source that was left in its bucket is the ordered one. */
function staysInPrefix(outcome: Outcome, prefix: string, { request }: OrderState): boolean {
  if (outcome.kind === 'unfit' || outcome.kind === 'deliver') return true;
  if (outcome.kind === 'plan') return (outcome.captions?.prefix ?? prefix) === prefix;
  if (outcome.kind === 'captions') return outcome.key.startsWith(prefix);
  if (outcome.kind === 'ingest') {
    const { source } = outcome;
    if (source.from === 's3') return source.url === request.source.url;
    return source.from === 'object' && source.key.startsWith(prefix);
  }
  return ('output' in outcome ? outcome.output.prefix : outcome.prefix) === prefix;
}

/** The files of a result's attempt; null when its ids are not those of a worker. */
export const filesOf = ({ orderId, kind, index, attemptId }: JobResult): string | null =>
  ATTEMPT_ID.test(attemptId) ? attemptPrefix(orderId, kind, index, attemptId) : null;

/**
 * A chunk that was made a second time is not used and its files go. It is noted all the same: chunks may
 * begin again (law 9), and then its result, told once more, would win without its files.
 */
const mustBeNoted = ({ status, kind }: JobResult): boolean =>
  status === 'succeeded' && kind === 'encode-chunk';

/** Why a result says nothing (more) to its order; null when it is the one that was waited for. */
export function reasonToIgnore(state: OrderState, result: JobResult): string | null {
  const prefix = filesOf(result);
  if (!prefix) return 'its attempt id is not one of ours';
  if (
    result.orderId !== state.id ||
    result.jobId !== jobId(result.orderId, result.kind, result.index)
  ) {
    return 'it is of another order or job';
  }
  const job = state.jobs[jobKey(result)];
  if (!job) return 'the order has no such job';
  if (isEnded(state)) return 'the order has ended';
  if (result.run !== state.run) return 'it is of an earlier run of the order';
  const told = job.attempts.find(({ attemptId }) => attemptId === result.attemptId);
  const isKnown = told !== undefined && told.status !== 'running';
  if (!isOpen(job) && (isKnown || !mustBeNoted(result))) return 'the job has ended';
  if (isKnown) return 'the attempt has ended';
  if (result.status !== 'succeeded') return null;
  const { outcome } = result;
  if (!fitsJob(outcome, result)) return 'its outcome is not one of that job';
  if (!staysInPrefix(outcome, prefix, state)) return 'it names files that are not of its attempt';
  return null;
}

/**
 * Files of a result that was not used: nobody else's, so they may be removed. Sound stays as long as the
 * order is open: a viewer may hold a playlist that names it.
 */
export function filesToCollect(state: OrderState, result: JobResult): string[] {
  const files = filesOf(result);
  if (result.status !== 'succeeded' || !files || result.orderId !== state.id) return [];
  if (result.kind === 'encode-audio' && !isEnded(state)) return [];
  const winner = state.jobs[jobKey(result)]?.attempts.find(({ status }) => status === 'succeeded');
  return winner?.attemptId === result.attemptId ? [] : [files];
}

/** True for the result of a chunk that another ffmpeg made than the order's other chunks. */
export const isForeignBuild = (state: OrderState, result: Succeeded): boolean =>
  result.kind === 'encode-chunk' &&
  planOf(state) !== null &&
  state.ffmpegBuild !== null &&
  result.ffmpegBuild !== state.ffmpegBuild;
