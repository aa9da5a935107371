import type { Chunk, EncodePlan, SourceMedia } from '@spillway/contracts';
import { isWithoutIndex } from '../plan/preroll.ts';
import { planTimeline } from '../plan/timeline.ts';
import { toNumber } from '../rational.ts';
import { limits } from '../settings.ts';
import { EncodeError, readFault } from './failure.ts';
import type { FfmpegLog } from './log.ts';

/** Codecs with packets that show no picture of their own: up to so much of them. */
const hiddenPart: Record<string, number | undefined> = { vp8: 0.4, vp9: 0.4, av1: 0.4, mpeg4: 0.5 };

type Loss = {
  frames: number;
  framesPerSecond: number;
  /** What was decoded of what, the beginning of a sentence. */
  message: string;
};

/** Tells a loss as a warning; one of more than a second throws, unless the caller accepts that. */
function judge({ frames, framesPerSecond, message }: Loss, allowPartial: boolean, log: FfmpegLog) {
  if (frames / framesPerSecond <= limits.maxMissingSeconds || allowPartial)
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
  const frames = expected - decoded;
  const framesPerSecond = video.frames / (video.endSeconds - video.startSeconds);
  // The grid of a variable rate may have no place for the very last frames.
  if (frames <= (video.constantRate ? 0 : 2)) return [];
  const message = `Only ${decoded} of the ${video.frames} frames of the source could be decoded`;
  return judge({ frames, framesPerSecond, message }, allowPartial, log);
}

/** Packets that a decoder still holds when ffmpeg has all that it needs and ends. */
const mostHeldPackets = 64;

/** Fields, each with a packet of its own, make one picture of two. */
const shownPart = ({ video }: SourceMedia): number =>
  video.interlaced ? 0.5 : 1 - (hiddenPart[video.codec] ?? 0);

/** Pictures that a seek into a source without an index passes by, until it meets a key frame. */
function passedBy(media: SourceMedia, { firstFrame }: Chunk): number {
  const { keyFrames, frameRate } = media.video;
  if (firstFrame === 0 || !isWithoutIndex(media)) return 0;
  return Math.ceil((keyFrames?.mostSecondsApart ?? 0) * toNumber(frameRate));
}

/** Of a variable rate nobody knows how many pictures a chunk should have; only what decoding lost. */
function undecoded(media: SourceMedia, chunk: Chunk, log: FfmpegLog): number {
  const { streamIndex } = media.video;
  const packets = log.packets.get(streamIndex) ?? 0;
  const decoded = log.decodedFrames.get(streamIndex) ?? 0;
  const notLost = mostHeldPackets + passedBy(media, chunk);
  return Math.max(0, Math.ceil(packets * shownPart(media)) - decoded - notLost);
}

/** How many pictures of the source a chunk's grid lacks. */
function missingPictures(plan: EncodePlan, chunk: Chunk, log: FfmpegLog): number {
  if (!log.grid)
    throw new EncodeError('internal', 'ffmpeg did not say how its grid was filled.', log);
  const { leadFrames, sourceFrames } = planTimeline(plan.media);
  // With the picture behind its last, where there is one.
  const end = Math.min(chunk.firstFrame + chunk.frames + 1, plan.frames);
  const expected =
    Math.min(end, leadFrames + sourceFrames) - Math.max(chunk.firstFrame, leadFrames);
  const { frames, held } = log.grid;
  // What came beyond that is of no concern; at the end of the source, it is held and counted so.
  const placed = end === plan.frames ? frames : Math.min(frames, end - chunk.firstFrame);
  if (plan.media.video.constantRate) return expected - (placed - held);
  return expected - placed + undecoded(plan.media, chunk, log);
}

/**
 * As `findLoss`, for a chunk: each frame of its grid has a picture of its own, but for those where the
 * first or the last of the source is held under the sound.
 */
export function findChunkLoss(plan: EncodePlan, chunk: Chunk, log: FfmpegLog): string[] {
  const { media } = plan;
  const frames = missingPictures(plan, chunk, log);
  if (frames <= (media.video.constantRate ? 0 : 2)) return [];
  const framesPerSecond = toNumber(plan.frameRate);
  const from = (chunk.firstFrame / framesPerSecond).toFixed(1);
  const to = ((chunk.firstFrame + chunk.frames) / framesPerSecond).toFixed(1);
  const message = `${frames} frames of the source between ${from} and ${to} s could not be decoded`;
  return judge({ frames, framesPerSecond, message }, media.allowPartial, log);
}
