import type { AudioTarget, EncodePlan, SourceAudio, SourceMedia } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { audio, chunks, video } from '../settings.ts';
import { planLadder } from './ladder.ts';
import { planPreroll } from './preroll.ts';
import { planTimeline } from './timeline.ts';
import { coreSecondsPerFrame } from './work.ts';

function planAudio(source: SourceAudio): AudioTarget {
  const channels = source.channels === 1 ? 1 : 2;
  const kept = audio.sampleRatesHz.find((rate) => rate === source.sampleRate);
  return {
    streamIndex: source.streamIndex,
    channels,
    sampleRate: kept ?? audio.sampleRatesHz[0],
    bitsPerSecond: channels === 1 ? audio.monoBitsPerSecond : audio.stereoBitsPerSecond,
  };
}

/** Frames of a chunk: whole GOPs, of work as even as these allow; all frames where cutting does not pay. */
export function framesPerChunk(
  frames: number,
  gopFrames: number,
  coreSecondsPerFrame: number,
): number {
  const coreSeconds = frames * coreSecondsPerFrame;
  if (coreSeconds < chunks.leastCoreSeconds) return frames;
  const count = Math.min(chunks.mostChunks, Math.round(coreSeconds / chunks.coreSeconds));
  const gops = Math.ceil(frames / gopFrames);
  let perChunk = Math.ceil(gops / count) * gopFrames;
  while (perChunk < frames && frames % perChunk > 0 && frames % perChunk < chunks.leastFrames)
    perChunk += gopFrames;
  return Math.min(frames, perChunk);
}

/**
 * Plans a source: its renditions, and its chunks where it is long enough to share; `whole` plans one
 * chunk whatever its length. The cuts are still to be verified (`verifyCut`).
 */
export function planSource(media: SourceMedia, { whole }: { whole: boolean }): EncodePlan {
  const { frames } = planTimeline(media);
  const { width, height, frameRate } = media.video;
  const ladder = planLadder(width, height, frameRate);
  const perFrame = coreSecondsPerFrame(ladder);
  const gopFrames = Math.max(1, Math.round(video.segmentSeconds * toNumber(frameRate)));
  return {
    media,
    frameRate,
    frames,
    gopFrames,
    video: ladder,
    audio: media.audio && planAudio(media.audio),
    chunkFrames: whole ? frames : framesPerChunk(frames, gopFrames, perFrame),
    prerollSeconds: planPreroll(media),
    coreSecondsPerFrame: perFrame,
  };
}
