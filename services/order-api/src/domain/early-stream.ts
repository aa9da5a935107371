import { attemptPrefix, chunkAt, type EncodePlan } from '@spillway/contracts';
import { chunkPrefixOf, isEnded, jobKey, type OrderState, planOf } from './order.ts';

/** Sound that a playlist may name: the first `segments` under the prefix. */
export interface EarlySound {
  readonly prefix: string;
  readonly segments: number;
}

/**
 * The sound that is there: the winner's, else that of the attempt that has got furthest. A new attempt
 * takes over only once it has more, because a playlist that plays must not become shorter.
 */
export function earlySoundOf(state: OrderState): EarlySound | null {
  const job = state.jobs[jobKey({ kind: 'encode-audio', index: 0 })];
  if (job?.outcome?.kind === 'encode-audio') return job.outcome;
  let furthest: EarlySound | null = null;
  for (const { attemptId, status, segments } of job?.attempts ?? []) {
    if (status !== 'running' || !segments || segments <= (furthest?.segments ?? 0)) continue;
    furthest = { prefix: attemptPrefix(state.id, 'encode-audio', 0, attemptId), segments };
  }
  return furthest;
}

const segmentsOfFirstChunk = (plan: EncodePlan): number =>
  Math.ceil(chunkAt(plan, 0).frames / plan.gopFrames);

/**
 * Whether HLS plays before the order has ended: the first chunk is there, and sound for as long, so that nobody waits in
 * the middle of it. DASH and MP4 are made at the end.
 */
export function isPlayable(state: OrderState): boolean {
  const plan = planOf(state);
  if (!plan || isEnded(state) || !state.request.outputs.formats.includes('hls')) return false;
  if (chunkPrefixOf(state, 0) === null) return false;
  if (!plan.audio) return true;
  const job = state.jobs[jobKey({ kind: 'encode-audio', index: 0 })];
  return (
    job?.status === 'succeeded' ||
    (earlySoundOf(state)?.segments ?? 0) >= segmentsOfFirstChunk(plan)
  );
}
