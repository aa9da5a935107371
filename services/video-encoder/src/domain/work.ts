import type { EncodePlan } from '@spillway/contracts';

/**
 * Pixels that one core decodes, scales and encodes a second with x264 at our preset; 60 to 110 million
 * were measured. Only an order of magnitude is asked of it: whether a source is short, whether a job is
 * nearly done.
 */
const PIXELS_PER_CORE_SECOND = 50_000_000;

/** About 15 s of 480p, or 6 s of 720p, with their ladders. */
const SHORT_CORE_SECONDS = 5;

/** What an encode will take of one core, in seconds: a rough guess from the pixels to be made. */
export const estimateCoreSeconds = ({ video, frames }: EncodePlan): number =>
  (video.reduce((pixels, { width, height }) => pixels + width * height, 0) * frames) /
  PIXELS_PER_CORE_SECOND;

/**
 * Whether an encode gets one thread. In a flood of short sources every core has one of its own, and more
 * threads in each only cost; a long one should use the whole machine, by ffmpeg's own choice.
 */
export const isShort = (coreSeconds: number): boolean => coreSeconds <= SHORT_CORE_SECONDS;
