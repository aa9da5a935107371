import { JobError, type Rational } from '@spillway/contracts';
import { parseRational, rational, toNumber } from '../rational.ts';
import { limits } from '../settings.ts';
import type { SourceAudio, SourceMedia, SourceVideo } from '../types.ts';
import { colourOf, isHdr } from './colour.ts';
import { type ProbedStream, probe } from './ffprobe.ts';
import { chooseGrid, type Grid } from './frame-rate.ts';
import { type Counted, countPackets } from './packets.ts';
import { stillImage } from './sniff.ts';
import { chooseAudio, chooseVideo, shownSize } from './streams.ts';

/** A rate as told, unless it is absurd. */
function toldRate(text: string | undefined): Rational | null {
  const rate = parseRational(text);
  return rate && toNumber(rate) <= limits.maxFramesPerSecond ? rate : null;
}

function describeVideo(stream: ProbedStream, frames: number, grid: Grid): SourceVideo {
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
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
    ...grid,
    frames,
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

/** Media data that ends before its header says: refused, or a warning where the caller accepts it. */
function checkMissing(
  headerSeconds: number | undefined,
  endSeconds: number,
  allowPartial: boolean,
): string[] {
  const missing = (headerSeconds ?? 0) - endSeconds;
  if (!(missing > limits.maxMissingSeconds)) return [];
  const message =
    `The media data of the source ends ${missing.toFixed(1)} s before its header says` +
    ` (at ${endSeconds.toFixed(1)} s of ${headerSeconds?.toFixed(1)} s)`;
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
  const audio = chooseAudio(found);
  const counted = await countPackets(run, found.streams, { video, audio });
  const frames = counted.videoTicks.length;
  if (counted.jumpSeconds !== null)
    throw new JobError(
      'source_unsupported',
      `The clock of the source jumps back at ${counted.jumpSeconds.toFixed(1)} s: it was put together from parts; write it anew and send it again.`,
    );
  if (container === 'gif' && frames <= 1) throw stillImage('GIF');
  const warnings = checkMissing(found.format?.duration, counted.endSeconds, allowPartial);
  if (frames === 0)
    throw new JobError('source_truncated', 'The video of the source holds no pictures.');
  const grid = chooseGrid(
    {
      ticks: counted.videoTicks,
      timeBase: parseRational(video.time_base) ?? rational(1, 1),
      lastDuration: counted.lastVideoDuration,
    },
    { base: toldRate(video.r_frame_rate), average: toldRate(video.avg_frame_rate) },
  );
  const sound = audio ? describeAudio(audio, counted) : null;
  return {
    container,
    durationSeconds:
      Math.max(grid.endSeconds, sound?.endSeconds ?? 0) -
      Math.min(grid.startSeconds, sound?.startSeconds ?? grid.startSeconds),
    video: describeVideo(video, frames, grid),
    audio: sound,
    allowPartial,
    warnings,
  };
}
