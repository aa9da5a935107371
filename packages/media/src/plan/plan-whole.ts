import type { AudioTarget, EncodePlan } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { audio, video } from '../settings.ts';
import type { SourceAudio, SourceMedia } from '../types.ts';
import { planLadder } from './ladder.ts';
import { planTimeline } from './timeline.ts';

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

/** One chunk: the whole source, in one ffmpeg process. */
export function planWhole(media: SourceMedia): EncodePlan {
  const { frames } = planTimeline(media);
  const { width, height, frameRate } = media.video;
  return {
    frameRate,
    frames,
    gopFrames: Math.max(1, Math.round(video.segmentSeconds * toNumber(frameRate))),
    video: planLadder(width, height, frameRate),
    audio: media.audio && planAudio(media.audio),
    chunks: [{ index: 0, firstFrame: 0, frames }],
  };
}
