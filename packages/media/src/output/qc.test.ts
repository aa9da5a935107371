import { describe, expect, test } from '@jest/globals';
import {
  type EncodePlan,
  QcReport,
  type SegmentReport,
  type TrackReport,
} from '@spillway/contracts';
import { samplePlan } from '@spillway/contracts/testing';
import { bitRates } from './bit-rate.ts';
import { joinOutput, noCaptions } from './joined-track.ts';
import { qcReport } from './qc.ts';

const plan = samplePlan({
  frameRate: { numerator: 25, denominator: 1 },
  frames: 250,
  gopFrames: 100,
  video: [{ name: '240p', width: 320, height: 240, crf: 23, maxBitsPerSecond: 400_000 }],
  audio: { streamIndex: 1, channels: 2, sampleRate: 48_000, bitsPerSecond: 128_000 },
});

/** A track of segments with so many samples of so many ticks and a hundred bytes each. */
function track(samples: number[], ticks: number, rest: Partial<TrackReport>): TrackReport {
  let baseTime = 0;
  const segments = samples.map((count): SegmentReport => {
    const duration = count * ticks;
    const segment = {
      bytes: count * 100,
      baseTime,
      duration,
      samples: count,
      firstOffset: 1024,
      startsWithIdr: true,
    };
    baseTime += duration;
    return segment;
  });
  const header = { initBytes: 700, initHash: 'ab', editStart: 1024, isVideo: true };
  return { ...header, timescale: 12_800, codecs: 'avc1.640015', segments, ...rest };
}

const picture = () => track([100, 100, 50], 512, {});
const sound = () => {
  const whole = track([188, 188, 94], 1024, {
    timescale: 48_000,
    isVideo: false,
    codecs: 'mp4a.40.2',
  });
  const last = whole.segments.at(-1);
  // 10 s and the priming of 1024 samples.
  if (last) last.duration = 480_000 + 1024 - last.baseTime;
  return whole;
};
/** Of one encode's report. */
function qcOf(its: EncodePlan, tracks: Record<string, TrackReport>): QcReport {
  const report = { ...{ schemaVersion: 1 as const, ffmpegBuild: 'n7' }, tracks, seam: null };
  const part = { folder: '', report: { ...report, thumbnails: null, poster: true } };
  return qcReport(joinOutput(its, [part], part, noCaptions));
}

const report = (
  video: TrackReport,
  audio: TrackReport | null = sound(),
  changes: Partial<EncodePlan> = {},
) => qcOf({ ...plan, ...changes }, { '240p': video, ...(audio && { audio }) });

/** A track of which one segment is not as it should be. */
function damaged(
  index: number,
  change: (segment: SegmentReport) => Partial<SegmentReport>,
  of = picture,
): TrackReport {
  const whole = of();
  return {
    ...whole,
    segments: whole.segments.map((one, at) => (at === index ? { ...one, ...change(one) } : one)),
  };
}

describe('the QC report', () => {
  test('of a whole output passes and is valid', () => {
    const qc = QcReport.parse(report(picture()));
    expect(qc).toMatchObject({ passed: true, failures: [], frameSeconds: 0.04 });
    expect(qc.renditions).toEqual([
      {
        name: '240p',
        framesPlanned: 250,
        framesFound: 250,
        segments: 3,
        segmentsStartWithIdr: true,
        initHash: 'ab',
        dtsGaps: 0,
        durationSeconds: 10,
      },
    ]);
    expect(qc.audioVideoDifferenceSeconds).toBeCloseTo(0, 9);
  });

  const faults: [what: string, failure: RegExp, made: () => QcReport][] = [
    [
      'a lost frame',
      /249 frames where 250/,
      () => report(damaged(2, (s) => ({ samples: s.samples - 1 }))),
    ],
    [
      'a frame too many',
      /251 frames/,
      () => report(damaged(2, (s) => ({ samples: s.samples + 1 }))),
    ],
    [
      'a lost segment',
      /2 segments where the grid has 3/,
      () => report({ ...picture(), segments: picture().segments.slice(0, 2) }),
    ],
    [
      'a segment off the grid',
      /segments where the grid/,
      () => report(track([90, 110, 50], 512, {})),
    ],
    [
      'a segment without an IDR picture',
      /IDR/,
      () => report(damaged(1, () => ({ startsWithIdr: false }))),
    ],
    [
      'a gap in the picture',
      /1 gaps/,
      () => report(damaged(1, (s) => ({ duration: s.duration - 512 }))),
    ],
    [
      'a first picture that comes late',
      /3 segments whose first picture is not shown in time/,
      () => report({ ...picture(), editStart: 0 }),
    ],
    [
      'a gap in the sound',
      /sound has 1 gaps/,
      () =>
        report(
          picture(),
          damaged(2, (s) => ({ baseTime: s.baseTime + 1024 }), sound),
        ),
    ],
    [
      'sound that is too short',
      /differ by -0\.\d+ s/,
      () =>
        report(
          picture(),
          damaged(2, (s) => ({ duration: s.duration - 4800 }), sound),
        ),
    ],
    [
      'sound that comes late by its priming',
      /not heard at 0/,
      () => report(picture(), { ...sound(), editStart: 0 }),
    ],
    ['sound that is missing', /sound was planned/, () => report(picture(), null)],
    [
      'a rendition that is missing',
      /240p was planned and is missing/,
      () => qcOf(plan, { audio: sound() }),
    ],
  ];
  test.each(faults)('finds %s', (_, failure, made) => {
    const { passed, failures } = made();
    expect(passed).toBe(false);
    expect(failures.join(' ')).toMatch(failure);
  });

  test('does not ask for sound that was not planned', () => {
    expect(report(picture(), null, { audio: null })).toMatchObject({
      passed: true,
      audio: null,
      audioVideoDifferenceSeconds: null,
    });
  });
});

describe('bit rates', () => {
  test('the peak is over a segment, or a short last one with its neighbour', () => {
    const heavyEnd = damaged(2, (segment) => ({
      bytes: segment.bytes + 20_000,
      duration: 512 * 10,
    }));
    const { averageBitsPerSecond, peakBitsPerSecond } = bitRates(heavyEnd, 4);
    // 200 + 50 frames of 100 bytes and 20,000 more in 8.4 s; the last 0.4 s alone would be 500 kbit/s.
    expect(averageBitsPerSecond).toBe(Math.ceil((45_000 * 8) / 8.4));
    expect(peakBitsPerSecond).toBe(Math.ceil((35_000 * 8) / 4.4));
  });

  test('of a video shorter than half a segment is its average', () => {
    const { averageBitsPerSecond, peakBitsPerSecond } = bitRates(track([10], 512, {}), 4);
    expect(peakBitsPerSecond).toBe(averageBitsPerSecond);
    expect(averageBitsPerSecond).toBe(20_000);
  });
});
