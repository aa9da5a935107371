import { chunkAt, chunkCount, type EncodePlan } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { chunks } from '../settings.ts';
import { planTimeline } from './timeline.ts';

/**
 * Why a source is not cut although it is long, as far as the plan alone tells; null when nothing speaks
 * against it.
 */
export function uncuttable(plan: EncodePlan): string | null {
  const { media, frameRate } = plan;
  if (media.allowPartial) return 'what may be missing from it is only found by decoding all of it';
  if (media.container === 'avi') return 'an AVI does not say when its pictures are shown';
  const { keyFrames } = media.video;
  if (!keyFrames) return 'it has one key frame only';
  const chunkSeconds = plan.chunkFrames / toNumber(frameRate);
  if (keyFrames.mostSecondsApart > chunkSeconds * chunks.mostChunksPerKeyFrame)
    return `its key frames are up to ${keyFrames.mostSecondsApart.toFixed(0)} s apart`;
  const { leadFrames, sourceFrames, tailFrames } = planTimeline(media);
  const last = chunkAt(plan, chunkCount(plan) - 1);
  if (last.firstFrame >= leadFrames + sourceFrames)
    return `its sound goes on for ${(tailFrames / toNumber(frameRate)).toFixed(0)} s after its last picture`;
  return null;
}
