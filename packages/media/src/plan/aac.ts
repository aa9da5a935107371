import type { AudioTarget, EncodePlan } from '@spillway/contracts';
import { toNumber } from '../rational.ts';

/** AAC-LC in RFC 6381. */
export const aacCodecs = 'mp4a.40.2';

/** Samples of an AAC-LC frame. */
const aacFrameSamples = 1024;

/** What ffmpeg's AAC encoder puts before the first sample: one frame. */
export const primingSamples = 1024;

/** AAC frames of a segment of the sound: as near to a video segment's length as whole frames come. */
function framesPerSegment(plan: EncodePlan, { sampleRate }: AudioTarget): number {
  const segmentSeconds = plan.gopFrames / toNumber(plan.frameRate);
  return Math.max(1, Math.round((segmentSeconds * sampleRate) / aacFrameSamples));
}

/** What ffmpeg is asked for: a fragment ends with the first AAC frame that reaches the length asked for. */
export const audioFragmentMicroseconds = (plan: EncodePlan, target: AudioTarget): number =>
  Math.round((framesPerSegment(plan, target) - 0.5) * (aacFrameSamples / target.sampleRate) * 1e6);

/**
 * What the first `count` segments of the sound last, in samples, before they are made: all the same but
 * the last of all, with which the sound ends where the picture does.
 */
export function audioSegmentSamples(
  plan: EncodePlan,
  target: AudioTarget,
  count: number,
): number[] {
  const each = framesPerSegment(plan, target) * aacFrameSamples;
  const seconds = plan.frames / toNumber(plan.frameRate);
  const all = Math.round(seconds * target.sampleRate) + primingSamples;
  return Array.from({ length: count }, (_, index) => Math.min(each, all - index * each));
}
