import type { SourceMedia } from '@spillway/contracts';
import { limits } from '../settings.ts';
import { EncodeError, readFault } from './failure.ts';
import type { FfmpegLog } from './log.ts';

/** Codecs with packets that show no picture of their own: up to so much of them. */
const hiddenPart: Record<string, number | undefined> = { vp8: 0.4, vp9: 0.4, av1: 0.4, mpeg4: 0.5 };

/**
 * Compares the frames decoded with those counted in the source. The picture before a lost one is
 * held in its place, so that sound and picture stay together; a warning says so. More than a second
 * lost throws an `EncodeError`, unless the caller accepts a partial output.
 */
export function findLoss({ video, allowPartial }: SourceMedia, log: FfmpegLog): string[] {
  const decoded = log.decodedFrames.get(video.streamIndex);
  if (decoded === undefined)
    throw new EncodeError('internal', 'ffmpeg did not say how many frames it decoded.', log);
  const expected = Math.ceil(video.frames * (1 - (hiddenPart[video.codec] ?? 0)));
  const lost = expected - decoded;
  const framesPerSecond = video.frames / (video.endSeconds - video.startSeconds);
  // The grid of a variable rate may have no place for the very last frames.
  if (lost <= (video.constantRate ? 0 : 2)) return [];
  const message = `Only ${decoded} of the ${video.frames} frames of the source could be decoded`;
  if (lost / framesPerSecond <= limits.maxMissingSeconds || allowPartial)
    return [`${message}; the picture before a missing one was held.`];
  throw (
    readFault(log) ??
    new EncodeError(
      'source_truncated',
      `${message}: its media data is damaged; send it again, or allow a partial output.`,
      log,
    )
  );
}
