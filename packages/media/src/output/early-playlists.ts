import { posix } from 'node:path';
import { type CaptionsTrack, chunkAt, type EncodePlan, trackFiles } from '@spillway/contracts';
import { captionSegmentList } from '../captions/write-captions.ts';
import { aacCodecs, audioSegmentSamples } from '../plan/aac.ts';
import { toNumber } from '../rational.ts';
import { audioStream, captionsStream, masterPlaylist, mediaPlaylist } from './hls.ts';

/**
 * What a player is given while the rest is still being encoded: pure, by the plan alone, and word for word
 * what the finished playlists will begin with.
 */

/** From the prefix of an output to that of another attempt at the same order. */
export const besidePrefix = (prefix: string): string => `../${posix.basename(prefix)}/`;

/** `master.m3u8` before the facts: rates are the plan's caps. `codecs` (RFC 6381) by rendition. */
export function earlyMaster(
  plan: EncodePlan,
  codecs: Readonly<Record<string, string>>,
  captions: readonly CaptionsTrack[],
): string {
  const { audio } = plan;
  const variants = plan.video.map(({ name, width, height, maxBitsPerSecond }) => {
    const itsCodecs = codecs[name];
    if (!itsCodecs) throw new RangeError(`The codecs of ${name} are not known.`);
    return {
      uri: `${name}/${trackFiles.playlist}`,
      peakBitsPerSecond: maxBitsPerSecond + (audio?.bitsPerSecond ?? 0),
      averageBitsPerSecond: null,
      codecs: [itsCodecs, ...(audio ? [aacCodecs] : [])],
      width,
      height,
      framesPerSecond: toNumber(plan.frameRate),
    };
  });
  return masterPlaylist({
    variants,
    audio: audioStream(plan),
    captions: captions.map(captionsStream),
    isComplete: false,
  });
}

/**
 * `<rendition>/playlist.m3u8` of the chunks that are there, at least one, from the first without a gap.
 * Addresses lead from the output's prefix to the chunks' own, beside it.
 */
export function earlyVideoPlaylist(
  plan: EncodePlan,
  rendition: string,
  chunkPrefixes: readonly string[],
): string {
  const folders = chunkPrefixes.map((prefix) => `../${besidePrefix(prefix)}${rendition}/`);
  const [first] = folders;
  if (!first) throw new RangeError('There is no chunk to play.');
  const segments = folders.flatMap((folder, chunkIndex) => {
    const { frames, firstSegment } = chunkAt(plan, chunkIndex);
    return Array.from({ length: Math.ceil(frames / plan.gopFrames) }, (_, index) => {
      const itsFrames = Math.min(plan.gopFrames, frames - index * plan.gopFrames);
      return {
        uri: folder + trackFiles.segment(firstSegment + index),
        durationSeconds: itsFrames / toNumber(plan.frameRate),
      };
    });
  });
  return mediaPlaylist({ initUri: first + trackFiles.init, segments, isComplete: false });
}

/**
 * `audio/playlist.m3u8` of the first `segments`, at least one, of an attempt that may still be at work. A
 * RangeError for a plan without sound.
 */
export function earlyAudioPlaylist(plan: EncodePlan, prefix: string, segments: number): string {
  const { audio } = plan;
  if (!audio) throw new RangeError('The plan has no sound.');
  const folder = `../${besidePrefix(prefix)}${trackFiles.audioFolder}/`;
  return mediaPlaylist({
    initUri: folder + trackFiles.init,
    segments: audioSegmentSamples(plan, audio, segments).map((samples, index) => ({
      uri: folder + trackFiles.segment(index),
      durationSeconds: samples / audio.sampleRate,
    })),
    isComplete: false,
  });
}

/**
 * The playlist of captions, which lie in the folder `name` below `prefix`: all of them are there from the start, but
 * no playlist may be longer than that of the picture, of which so many chunks from the first can be played.
 */
export function earlyCaptionsPlaylist(
  plan: EncodePlan,
  { prefix, name }: { prefix: string; name: string },
  chunks: number,
): string {
  const { firstSegment, frames } = chunkAt(plan, chunks - 1);
  const count = firstSegment + Math.ceil(frames / plan.gopFrames);
  return mediaPlaylist({
    initUri: null,
    segments: captionSegmentList(plan, `../${besidePrefix(prefix)}${name}/`, count),
    isComplete: false,
  });
}
