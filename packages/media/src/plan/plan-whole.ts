import type { AudioTarget, EncodePlan, SourceAudio, SourceMedia } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { audio, video } from '../settings.ts';
import { planLadder } from './ladder.ts';
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

/** One chunk: the whole source, in one ffmpeg process. */
export function planWhole(media: SourceMedia): EncodePlan {
  const { frames } = planTimeline(media);
  const { width, height, frameRate } = media.video;
  const ladder = planLadder(width, height, frameRate);
  return {
    media,
    frameRate,
    frames,
    gopFrames: Math.max(1, Math.round(video.segmentSeconds * toNumber(frameRate))),
    video: ladder,
    audio: media.audio && planAudio(media.audio),
    chunkFrames: frames,
    prerollSeconds: 0,
    coreSecondsPerFrame: coreSecondsPerFrame(ladder),
  };
}
