import { join } from 'node:path';
import type { AudioTarget, EncodePlan, SourceMedia, VideoTarget } from '@spillway/contracts';
import { audioFragmentMicroseconds } from '../plan/aac.ts';
import { type EncodeTask, type TaskOutput, wholeTask } from '../plan/task.ts';
import { planTimeline } from '../plan/timeline.ts';
import { estimateCoreSeconds, isShort } from '../plan/work.ts';
import { formatRational, toNumber } from '../rational.ts';
import { allowedDemuxers, limits, poster, thumbnails, video } from '../settings.ts';
import { isHttp } from '../source/bytes.ts';
import { filterGraphs, outputLabel } from './filters.ts';

/** The work files of one encode: each holds one track, a picture, all as one progressive file, or what ffmpeg tells. */
export const workFiles = {
  video: (workDir: string, name: string): string => join(workDir, `${name}.mp4`),
  audio: (workDir: string): string => join(workDir, 'audio.mp4'),
  poster: (workDir: string): string => join(workDir, 'poster.jpg'),
  thumbnails: (workDir: string, name: string): string => join(workDir, name),
  mp4: (workDir: string): string => join(workDir, 'joined.mp4'),
  log: (workDir: string): string => join(workDir, 'ffmpeg.log'),
  progress: (workDir: string): string => join(workDir, 'progress'),
};

/**
 * Where ffmpeg tells of the encode of a short source whole, which has little to say; null for a longer
 * one, of which pipes tell at once, each time waking who reads them.
 */
export const toldInFiles = (plan: EncodePlan, workDir: string) =>
  isShort(estimateCoreSeconds(plan))
    ? { logPath: workFiles.log(workDir), progressPath: workFiles.progress(workDir) }
    : null;

/**
 * What ffmpeg and ffprobe may open: this one address, by demuxers that read nothing else. External
 * tracks of QuickTime references (`enable_drefs`) stay off, which is ffmpeg's default.
 */
export function inputArguments(address: string): string[] {
  return [
    '-protocol_whitelist',
    isHttp(address) ? 'http,https,tls,tcp' : 'file,pipe',
    '-format_whitelist',
    allowedDemuxers.join(','),
    '-max_alloc',
    `${limits.maxBlockBytes}`,
    '-max_streams',
    `${limits.maxStreams}`,
    '-i',
    isHttp(address) ? address : `file:${address}`,
  ];
}

/** The same bytes from the same input, and nothing of the source's tags. */
export const plainOutput = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'];

/**
 * Colours are kept, not converted, except of HDR and RGB; every rendition says which, because
 * players would guess by its size.
 */
function colourArguments({ video: source }: SourceMedia): string[] {
  const { matrix, primaries, transfer } = source.isHdr
    ? { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' }
    : source.colour;
  return [
    ...['-color_range', 'tv', '-colorspace', matrix],
    ...['-color_primaries', primaries, '-color_trc', transfer],
  ];
}

function videoOutput(plan: EncodePlan, frames: number, target: VideoTarget): string[] {
  const gop = `${plan.gopFrames}`;
  const buffer = Math.round(target.maxBitsPerSecond * video.bufferSeconds);
  return [
    ...['-c:v', 'libx264', '-preset', plan.speed, '-profile:v', video.profile],
    ...['-crf', `${target.crf}`, '-maxrate', `${target.maxBitsPerSecond}`, '-bufsize', `${buffer}`],
    // Every GOP is closed, of the same length, and becomes one fragment: one segment.
    ...['-g', gop, '-keyint_min', gop, '-sc_threshold', '0', '-flags', '+cgop'],
    ...colourArguments(plan.media),
    ...['-r', formatRational(plan.frameRate), '-frames:v', `${frames}`],
    ...plainOutput,
    ...['-avoid_negative_ts', 'disabled', '-f', 'mp4', '-movflags'],
    '+frag_keyframe+empty_moov+delay_moov+default_base_moof+frag_discont+skip_trailer',
  ];
}

/*
 * Of the flags below: delay_moov puts the edit list into the init segment that takes out the
 * reordering delay of the picture and the priming of the sound. It is the same in every chunk, and
 * all players agree on it; negative composition offsets, the other way, are misread by ffmpeg's own
 * demuxer, which then plays the picture two frames after its sound. frag_discont keeps the segments'
 * times absolute.
 */

function audioOutput(plan: EncodePlan, target: AudioTarget): string[] {
  return [
    ...['-c:a', 'aac', '-b:a', `${target.bitsPerSecond}`],
    ...plainOutput,
    ...['-avoid_negative_ts', 'disabled', '-f', 'mp4'],
    ...['-frag_duration', `${audioFragmentMicroseconds(plan, target)}`],
    ...['-movflags', '+empty_moov+delay_moov+default_base_moof+skip_trailer'],
  ];
}

/** A run of pictures without a clock, one file after the other. */
const jpegs = (count: number, quality: number): string[] => [
  ...['-r', '1', '-frames:v', `${count}`, '-c:v', 'mjpeg', '-q:v', `${quality}`],
];

/** Codec and container of an output; behind it goes where to. */
function outputArguments(plan: EncodePlan, { chunk }: EncodeTask, output: TaskOutput): string[] {
  switch (output.kind) {
    case 'video':
      return videoOutput(plan, chunk.frames, output.target);
    case 'audio':
      return audioOutput(plan, output.target);
    case 'thumbnails':
      return jpegs(output.thumbnails.sheets.length, thumbnails.quality);
    case 'poster':
      return jpegs(1, poster.quality);
    case 'seam':
      return ['-frames:v', '2', '-f', 'framemd5'];
  }
}

/**
 * Where a chunk's decoder begins: at the key frame before its first picture, or earlier by the plan's
 * preroll. On the source's own clock, and without ffmpeg's own cutting: the grid takes what it needs.
 */
function seekArguments(plan: EncodePlan, { firstFrame }: EncodeTask['chunk']): string[] {
  if (firstFrame === 0) return [];
  const { originSeconds } = planTimeline(plan.media);
  const firstSeconds = originSeconds + (firstFrame - 0.5) / toNumber(plan.frameRate);
  const seconds = firstSeconds - plan.prerollSeconds;
  if (seconds <= plan.media.video.startSeconds) return [];
  return ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', seconds.toFixed(6)];
}

type Destination = {
  progress: string;
  output: (output: TaskOutput, index: number) => string[];
};

function taskArguments(
  { address, plan }: { address: string; plan: EncodePlan },
  task: EncodeTask,
  to: Destination,
): string[] {
  // More threads cost a chunk 7 % and gain nothing: others are encoded beside it.
  const isChunk = task.chunk.frames < plan.frames;
  const oneThread = isChunk || isShort(estimateCoreSeconds(plan));
  const perCodec = oneThread ? ['-threads', '1'] : [];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-y', '-loglevel', 'repeat+level+verbose'],
    ...['-benchmark', '-progress', to.progress],
    ...(oneThread ? ['-filter_threads', '1', '-filter_complex_threads', '1'] : []),
    // A filter graph that starts anew in the middle would begin at 0 again. A picture that changes
    // its size is scaled all the same; a sound that changes its format ends the run.
    ...['-reinit_filter', '0', '-copyts', ...perCodec],
    ...(task.onlyReferences ? ['-skip_frame', 'noref', '-skip_loop_filter', 'all'] : []),
    ...seekArguments(plan, task.chunk),
    ...inputArguments(address),
    ...filterGraphs(plan, task).flatMap((graph) => ['-filter_complex', graph]),
    ...task.outputs.flatMap((output, index) => [
      ...['-map', `[${outputLabel(index)}]`, ...perCodec],
      ...outputArguments(plan, task, output),
      ...to.output(output, index),
    ]),
  ];
}

export type EncodeArguments = {
  address: string;
  plan: EncodePlan;
  workDir: string;
};

/**
 * The whole command but for the program's name: what `encodeWhole` runs, and what a benchmark runs
 * as its baseline. Progress is told on standard output or in a file (see `toldInFiles`), CPU time and frame
 * counts in the log.
 */
export function encodeArguments(options: EncodeArguments): string[] {
  const { plan, workDir } = options;
  const files = toldInFiles(plan, workDir);
  return taskArguments(options, wholeTask(plan), {
    progress: files ? `file:${files.progressPath}` : 'pipe:1',
    output: (output) => intoFile(workDir, output),
  });
}

function intoFile(workDir: string, output: TaskOutput): string[] {
  switch (output.kind) {
    case 'video':
      return [workFiles.video(workDir, output.target.name)];
    case 'audio':
      return [workFiles.audio(workDir)];
    case 'thumbnails':
      return ['-f', 'image2', workFiles.thumbnails(workDir, thumbnails.sheetPattern)];
    case 'poster':
      return ['-f', 'image2', '-update', '1', workFiles.poster(workDir)];
    case 'seam':
      throw new RangeError('A whole encode has no seam.');
  }
}

/** The first pipe behind standard input, output and error. */
export const firstPipe = 3;

/** As `encodeArguments`, each output to a pipe of its own, in order. */
export const pipedArguments = (
  source: { address: string; plan: EncodePlan },
  task: EncodeTask,
): string[] =>
  taskArguments(source, task, {
    progress: 'pipe:1',
    output: ({ kind }, index) => [
      ...(kind === 'thumbnails' || kind === 'poster' ? ['-f', 'image2pipe'] : []),
      `pipe:${firstPipe + index}`,
    ],
  });
