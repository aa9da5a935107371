import {
  chunkAt,
  chunkCount,
  type EncodePlan,
  type EncodeReport,
  type SegmentReport,
  type TrackReport,
} from '@spillway/contracts';
import { aacCodecs, audioSegmentSamples } from '../plan/aac.ts';

/** Ticks of a picture in the tracks of `sampleReports`. */
const frameTicks = 512;

function sampleTrack(
  isVideo: boolean,
  segments: Pick<SegmentReport, 'baseTime' | 'duration' | 'samples'>[],
  changes: Partial<TrackReport>,
): TrackReport {
  return {
    initHash: isVideo ? 'a1' : 'b2',
    initBytes: 700,
    timescale: 12_800,
    codecs: 'avc1.640015',
    editStart: 1024,
    isVideo,
    segments: segments.map((segment) => ({
      ...segment,
      bytes: segment.samples * 100,
      firstOffset: isVideo ? 1024 : 0,
      startsWithIdr: true,
    })),
    ...changes,
  };
}

function sampleChunk(plan: EncodePlan, index: number): EncodeReport {
  const { firstFrame, frames } = chunkAt(plan, index);
  const count = Math.ceil(frames / plan.gopFrames);
  const segments = Array.from({ length: count }, (_, at) => {
    const samples = Math.min(plan.gopFrames, frames - at * plan.gopFrames);
    const baseTime = (firstFrame + at * plan.gopFrames) * frameTicks;
    return { baseTime, duration: samples * frameTicks, samples };
  });
  const next = firstFrame + frames;
  const { numerator, denominator } = plan.frameRate;
  const timescale = (numerator * frameTicks) / denominator;
  return {
    schemaVersion: 1,
    ffmpegBuild: 'ffmpeg version 7',
    tracks: Object.fromEntries(
      plan.video.map(({ name }) => [name, sampleTrack(true, segments, { timescale })]),
    ),
    seam: { first: `p${firstFrame}`, next: next < plan.frames ? `p${next}` : null },
    thumbnails: {
      ...{ width: 160, height: 90, columns: 2, rows: 2, count },
      sheets: Array.from({ length: Math.ceil(count / 4) }, (_, at) => `thumbnails-${at + 1}.jpg`),
    },
    poster: index === 0,
  };
}

function sampleSound(plan: EncodePlan): EncodeReport | null {
  const { audio } = plan;
  if (!audio) return null;
  const whole = audioSegmentSamples(plan, audio, 1)[0] ?? 0;
  const seconds = (plan.frames * plan.frameRate.denominator) / plan.frameRate.numerator;
  const count = Math.ceil((Math.round(seconds * audio.sampleRate) + 1024) / whole);
  const segments = audioSegmentSamples(plan, audio, count).map((duration, index) => ({
    baseTime: index * whole,
    duration,
    samples: Math.ceil(duration / 1024),
  }));
  const track = sampleTrack(false, segments, { timescale: audio.sampleRate, codecs: aacCodecs });
  return {
    ...{ schemaVersion: 1, ffmpegBuild: 'ffmpeg version 7', tracks: { audio: track } },
    ...{ seam: null, thumbnails: null, poster: false },
  };
}

/** What the encodes of a plan report when all goes well; no media behind it. */
export const sampleReports = (
  plan: EncodePlan,
): { chunks: EncodeReport[]; audio: EncodeReport | null } => ({
  chunks: Array.from({ length: chunkCount(plan) }, (_, index) => sampleChunk(plan, index)),
  audio: sampleSound(plan),
});
