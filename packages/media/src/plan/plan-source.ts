import {
  type AudioTarget,
  type EncodePlan,
  Outputs,
  type SourceAudio,
  type SourceMedia,
} from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { audio, chunks, video } from '../settings.ts';
import { planLadder } from './ladder.ts';
import { planPreroll } from './preroll.ts';
import { planTimeline } from './timeline.ts';
import { coreSecondsPerFrame } from './work.ts';

/** Never more channels than the source has. */
function planAudio(source: SourceAudio, asked: Outputs['audio']): AudioTarget {
  const channels = source.channels === 1 ? 1 : (asked.channels ?? 2);
  const usual = channels === 1 ? audio.monoBitsPerSecond : audio.stereoBitsPerSecond;
  const kept = audio.sampleRatesHz.find((rate) => rate === source.sampleRate);
  return {
    streamIndex: source.streamIndex,
    channels,
    sampleRate: kept ?? audio.sampleRatesHz[0],
    bitsPerSecond: asked.bitsPerSecond ?? usual,
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

export type PlanOptions = {
  /** Plans one chunk, whatever the length. */
  whole: boolean;
  /** What was ordered; by default nothing special. */
  outputs?: Pick<Outputs, 'renditions' | 'audio' | 'speed'>;
};

/**
 * Plans a source: its renditions, and its chunks where it is long enough to share. The cuts are still
 * to be verified (`verifyCut`).
 */
export function planSource(
  media: SourceMedia,
  { whole, outputs = Outputs.parse({}) }: PlanOptions,
): EncodePlan {
  const { frames } = planTimeline(media);
  const { frameRate } = media.video;
  const { speed } = outputs;
  const ladder = planLadder(media.video, frameRate, outputs.renditions);
  const perFrame = coreSecondsPerFrame(ladder, speed);
  const gopFrames = Math.max(1, Math.round(video.segmentSeconds * toNumber(frameRate)));
  return {
    media,
    frameRate,
    frames,
    gopFrames,
    video: ladder,
    audio: media.audio && planAudio(media.audio, outputs.audio),
    speed,
    chunkFrames: whole ? frames : framesPerChunk(frames, gopFrames, perFrame),
    prerollSeconds: planPreroll(media),
    coreSecondsPerFrame: perFrame,
  };
}
