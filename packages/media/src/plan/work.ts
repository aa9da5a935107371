import type { EncodePlan, Speed, VideoTarget } from '@spillway/contracts';
import { run } from '../settings.ts';

/** What a frame will take of one core, in seconds: a rough guess from the pixels to be made. */
export const coreSecondsPerFrame = (video: readonly VideoTarget[], speed: Speed): number =>
  (video.reduce((pixels, { width, height }) => pixels + width * height, 0) *
    run.workOfSpeed[speed]) /
  run.pixelsPerCoreSecond;

/** What so many frames, or all, will take of one core, in seconds. */
export const estimateCoreSeconds = (plan: EncodePlan, frames = plan.frames): number =>
  plan.coreSecondsPerFrame * frames;

/**
 * Whether an encode gets one thread. In a flood of short sources every core has one of its own, and more
 * threads in each only cost; a long one should use the whole machine, by ffmpeg's own choice.
 */
export const isShort = (coreSeconds: number): boolean => coreSeconds <= run.oneThreadCoreSeconds;
