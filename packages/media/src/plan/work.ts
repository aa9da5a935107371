import type { EncodePlan } from '@spillway/contracts';
import { run } from '../settings.ts';

/** What an encode will take of one core, in seconds: a rough guess from the pixels to be made. */
export const estimateCoreSeconds = ({ video, frames }: EncodePlan): number =>
  (video.reduce((pixels, { width, height }) => pixels + width * height, 0) * frames) /
  run.pixelsPerCoreSecond;

/**
 * Whether an encode gets one thread. In a flood of short sources every core has one of its own, and more
 * threads in each only cost; a long one should use the whole machine, by ffmpeg's own choice.
 */
export const isShort = (coreSeconds: number): boolean => coreSeconds <= run.oneThreadCoreSeconds;
