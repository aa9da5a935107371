import type { SourceAudio, SourceMedia, SourceVideo } from '@spillway/contracts';
import { JobError, type Rational } from '@spillway/contracts';
import { parseRational, rational, toNumber } from '../rational.ts';
import { limits } from '../settings.ts';
import { colourOf, isHdr } from './colour.ts';
import { type Probe, type ProbedStream, probe } from './ffprobe.ts';
import { chooseGrid } from './frame-rate.ts';
import { inSeconds } from './key-frames.ts';
import { checkSize } from './limits.ts';
import { type Counted, countPackets } from './packets.ts';
import { mostInterlacedPerSecond, withoutSecondFields } from './picture-times.ts';
import { stillImage } from './sniff.ts';
import { chooseAudio, chooseVideo, isInterlaced, shownSize } from './streams.ts';

/** A rate as told, unless it is absurd. */
function toldRate(text: string | undefined): Rational | null {
  const rate = parseRational(text);
  return rate && toNumber(rate) <= limits.maxFramesPerSecond ? rate : null;
}

const half = ({ numerator, denominator }: Rational): Rational =>
  rational(numerator, denominator * 2);

/** How many pictures a stream holds, and their grid. */
function countPictures(
  stream: ProbedStream,
  { videoTicks, lastVideoDuration, keyFrames }: Counted,
) {
  const timeBase = parseRational(stream.time_base) ?? rational(1, 1);
  const base = toldRate(stream.r_frame_rate);
  const average = toldRate(stream.avg_frame_rate);
  // The average counts two fields as one picture: so pictures that are marked wrong are not halved.
  const isSlow = average !== null && toNumber(average) < mostInterlacedPerSecond;
  const mayBeFields = stream.codec_name === 'h264' && isInterlaced(stream) && isSlow;
  const ticks = mayBeFields ? withoutSecondFields(videoTicks, toNumber(timeBase)) : videoTicks;
  const grid =
    ticks.length === videoTicks.length
      ? chooseGrid({ ticks, timeBase, lastDuration: lastVideoDuration }, { base, average })
      : // The lowest rate that all packets fit, and their durations, are those of fields.
        chooseGrid({ ticks, timeBase, lastDuration: null }, { base: base && half(base), average });
  return {
    frames: ticks.length,
    ...grid,
    keyFrames: inSeconds(keyFrames, toNumber(timeBase)),
  };
}

function describeVideo(stream: ProbedStream, counted: Counted): SourceVideo {
  const pixelFormat = stream.pix_fmt ?? 'unknown';
  return {
    streamIndex: stream.index,
    codec: stream.codec_name,
    ...shownSize(stream),
    pixelFormat,
    fullRange: stream.color_range === 'pc' || pixelFormat.startsWith('yuvj'),
    colour: colourOf(
      {
        matrix: stream.color_space,
        primaries: stream.color_primaries,
        transfer: stream.color_transfer,
      },
      pixelFormat,
      stream.height ?? 0,
    ),
    isHdr: isHdr(stream.color_transfer),
    interlaced: isInterlaced(stream),
    ...countPictures(stream, counted),
  };
}

function describeAudio(stream: ProbedStream, counted: Counted): SourceAudio | null {
  if (counted.audioStart === null) return null;
  return {
    streamIndex: stream.index,
    codec: stream.codec_name,
    channels: stream.channels ?? 2,
    sampleRate: stream.sample_rate ?? 48_000,
    startSeconds: counted.audioStart,
    endSeconds: counted.audioEnd,
    language: stream.tags.language ?? null,
  };
}

/**
 * How long the header says the source is. Of an AVI, ffprobe guesses that from the file's size; the
 * header says how many frames there should be.
 */
function headerSeconds({ format }: Probe, video: ProbedStream): number {
  const tick = parseRational(video.time_base);
  if (format?.format_name === 'avi' && video.nb_frames !== undefined && tick)
    return video.nb_frames * toNumber(tick);
  return format?.duration ?? 0;
}

/** Media data that ends before its header says: refused, or a warning where the caller accepts it. */
function checkMissing(
  promisedSeconds: number,
  { startSeconds, endSeconds }: Counted,
  allowPartial: boolean,
): string[] {
  const missing = promisedSeconds - (endSeconds - startSeconds);
  if (!(missing > limits.maxMissingSeconds)) return [];
  const message =
    `The media data of the source ends ${missing.toFixed(1)} s before its header says` +
    ` (at ${endSeconds.toFixed(1)} s of ${promisedSeconds.toFixed(1)} s)`;
  if (!allowPartial)
    throw new JobError('source_truncated', `${message}; send it again, or allow a partial output.`);
  return [`${message}; what is there was encoded.`];
}

/**
 * The way to know any source: asks ffprobe, and counts packets. Rejects with a JobError, or with an
 * `FfprobeFailure` when ffprobe cannot read it.
 */
export async function inspectWithFfprobe(
  ffprobePath: string,
  address: string,
  { allowPartial, signal }: { allowPartial: boolean; signal: AbortSignal },
): Promise<SourceMedia> {
  const run = { ffprobePath, address, signal };
  const found = await probe(run);
  const container = found.format?.format_name ?? 'unknown';
  const video = chooseVideo(found);
  const { width, height } = shownSize(video);
  // Before every packet is read.
  checkSize(width, height);
  const audio = chooseAudio(found);
  const counted = await countPackets(run, found.streams, { video, audio });
  const frames = counted.videoTicks.length;
  if (counted.jumpSeconds !== null)
    throw new JobError(
      'source_unsupported',
      `The clock of the source jumps back at ${counted.jumpSeconds.toFixed(1)} s: it was put together from parts; write it anew and send it again.`,
    );
  if (container === 'gif' && frames <= 1) throw stillImage('GIF');
  const warnings = checkMissing(headerSeconds(found, video), counted, allowPartial);
  if (frames === 0)
    throw new JobError('source_truncated', 'The video of the source holds no pictures.');
  const picture = describeVideo(video, counted);
  const sound = audio ? describeAudio(audio, counted) : null;
  return {
    container,
    durationSeconds:
      Math.max(picture.endSeconds, sound?.endSeconds ?? 0) -
      Math.min(picture.startSeconds, sound?.startSeconds ?? picture.startSeconds),
    video: picture,
    audio: sound,
    allowPartial,
    warnings,
  };
}
