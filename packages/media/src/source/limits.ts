import type { SourceLimits, SourceMedia } from '@spillway/contracts';
import { JobError } from '@spillway/contracts';
import { limits } from '../settings.ts';

const unsupported = (message: string) => new JobError('source_unsupported', message);

/** Not below, not above, and a number at all. */
const isWithin = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most;

export function checkSize(width: number, height: number): void {
  const { shortestSidePixels, longestSidePixels, maxPixels } = limits;
  if (
    !isWithin(Math.min(width, height), shortestSidePixels, longestSidePixels) ||
    !isWithin(Math.max(width, height), shortestSidePixels, longestSidePixels) ||
    width * height > maxPixels
  )
    throw unsupported(
      `The picture of the source is ${width}x${height}; sides of ${shortestSidePixels} to ${longestSidePixels} pixels are supported.`,
    );
}

export function checkFrames(frames: number): void {
  if (frames > limits.maxFrames)
    throw unsupported(
      `The source says it has ${frames} frames; at most ${limits.maxFrames} are supported.`,
    );
}

/** Refuses, as `source_too_large`, what is longer or larger than its customer may send. */
export function checkAllowed(
  { video, durationSeconds }: Pick<SourceMedia, 'video' | 'durationSeconds'>,
  { seconds, pixels }: Pick<SourceLimits, 'seconds' | 'pixels'>,
): void {
  if (durationSeconds > seconds)
    throw new JobError(
      'source_too_large',
      `The source lasts ${durationSeconds.toFixed(1)} s; at most ${seconds} s are allowed.`,
    );
  if (video.width * video.height > pixels)
    throw new JobError(
      'source_too_large',
      `The picture of the source is ${video.width}x${video.height}; at most ${pixels} pixels are allowed.`,
    );
}

/** Refuses, as `source_unsupported`, what lies or never pays. */
export function checkLimits(
  { video, audio, durationSeconds, container }: SourceMedia,
  canToneMap: boolean,
): void {
  checkSize(video.width, video.height);
  checkFrames(video.frames);
  const pictureSeconds = video.endSeconds - video.startSeconds;
  for (const seconds of [durationSeconds, pictureSeconds])
    if (!isWithin(seconds, Number.MIN_VALUE, limits.maxDurationSeconds))
      throw unsupported(
        `The source says it lasts ${seconds} s; at most ${limits.maxDurationSeconds} s are supported.`,
      );
  const rate = video.frames / pictureSeconds;
  if (rate > limits.maxFramesPerSecond)
    throw unsupported(
      `The source has ${Math.round(rate)} frames a second; at most ${limits.maxFramesPerSecond} are supported.`,
    );
  const offset = audio ? Math.abs(video.startSeconds - audio.startSeconds) : 0;
  if (offset > limits.maxStartOffsetSeconds)
    throw unsupported(
      `Picture and sound of the source begin ${offset.toFixed(0)} s apart; write it anew (${container}) and send it again.`,
    );
  if (video.isHdr && !canToneMap)
    throw unsupported(
      'The source is HDR, and this ffmpeg was built without zimg, which brings it to SDR; use another build.',
    );
}
