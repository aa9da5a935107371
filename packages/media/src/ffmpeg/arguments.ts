import { join } from 'node:path';
import type { AudioTarget, EncodePlan, SourceMedia, VideoTarget } from '@spillway/contracts';
import { audioFragmentMicroseconds } from '../plan/aac.ts';
import { estimateCoreSeconds, isShort } from '../plan/work.ts';
import { formatRational } from '../rational.ts';
import { allowedDemuxers, limits, poster, video } from '../settings.ts';
import { isHttp } from '../source/bytes.ts';
import { audioLabel, filterGraph, posterLabel, videoLabel } from './filters.ts';

/** The work files of one encode: each holds one track, the poster, or all as one progressive file. */
export const workFiles = {
  video: (workDir: string, name: string): string => join(workDir, `${name}.mp4`),
  audio: (workDir: string): string => join(workDir, 'audio.mp4'),
  poster: (workDir: string): string => join(workDir, 'poster.jpg'),
  mp4: (workDir: string): string => join(workDir, 'joined.mp4'),
};

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

function videoOutput(media: SourceMedia, plan: EncodePlan, target: VideoTarget): string[] {
  const gop = `${plan.gopFrames}`;
  const buffer = Math.round(target.maxBitsPerSecond * video.bufferSeconds);
  return [
    ...['-c:v', 'libx264', '-preset', video.preset, '-profile:v', video.profile],
    ...['-crf', `${target.crf}`, '-maxrate', `${target.maxBitsPerSecond}`, '-bufsize', `${buffer}`],
    // Every GOP is closed, of the same length, and becomes one fragment: one segment.
    ...['-g', gop, '-keyint_min', gop, '-sc_threshold', '0', '-flags', '+cgop'],
    ...colourArguments(media),
    ...['-r', formatRational(plan.frameRate), '-frames:v', `${plan.frames}`],
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

export type EncodeArguments = {
  address: string;
  plan: EncodePlan;
  workDir: string;
};

/**
 * The whole command but for the program's name: what `encodeWhole` runs, and what a benchmark runs
 * as its baseline. Progress is told on standard output, CPU time and frame counts in the log.
 */
export function encodeArguments(options: EncodeArguments): string[] {
  const { address, plan, workDir } = options;
  const { media } = plan;
  const oneThread = isShort(estimateCoreSeconds(plan));
  const perCodec = oneThread ? ['-threads', '1'] : [];
  const videoOutputs = plan.video.flatMap((target, index) => [
    ...['-map', `[${videoLabel(index)}]`, ...perCodec, ...videoOutput(media, plan, target)],
    workFiles.video(workDir, target.name),
  ]);
  const audioOutputs = plan.audio
    ? [
        ...['-map', `[${audioLabel}]`, ...perCodec, ...audioOutput(plan, plan.audio)],
        workFiles.audio(workDir),
      ]
    : [];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-y', '-loglevel', 'repeat+level+verbose'],
    ...['-benchmark', '-progress', 'pipe:1'],
    ...(oneThread ? ['-filter_threads', '1', '-filter_complex_threads', '1'] : []),
    // A filter graph that starts anew in the middle would begin at 0 again. A picture that changes
    // its size is scaled all the same; a sound that changes its format ends the run.
    ...['-reinit_filter', '0', '-copyts', ...perCodec, ...inputArguments(address)],
    ...['-filter_complex', filterGraph(media, plan)],
    ...videoOutputs,
    ...audioOutputs,
    ...['-map', `[${posterLabel}]`, '-frames:v', '1', '-c:v', 'mjpeg', '-q:v', `${poster.quality}`],
    ...['-f', 'image2', '-update', '1', workFiles.poster(workDir)],
  ];
}
