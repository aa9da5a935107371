import { describe, expect, test } from '@jest/globals';
import type { SourceAudio, SourceMedia } from '@spillway/contracts';
import { chunkAt, chunkCount, EncodePlan, Outputs } from '@spillway/contracts';
import fc from 'fast-check';
import { rational, toNumber } from '../rational.ts';
import { framesPerChunk, planSource } from './plan-source.ts';
import { planTimeline } from './timeline.ts';

const video: SourceMedia['video'] = {
  streamIndex: 0,
  codec: 'h264',
  width: 320,
  height: 240,
  pixelFormat: 'yuv420p',
  fullRange: false,
  colour: { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' },
  isHdr: false,
  interlaced: false,
  frameRate: rational(25, 1),
  constantRate: true,
  frames: 50,
  startSeconds: 0,
  endSeconds: 2,
  keyFrames: null,
};
const audio: SourceAudio = {
  streamIndex: 1,
  codec: 'aac',
  channels: 2,
  sampleRate: 48_000,
  startSeconds: 0,
  endSeconds: 2,
  language: null,
};
const source = (
  changes: { video?: Partial<SourceMedia['video']>; audio?: Partial<SourceAudio> | null } = {},
): SourceMedia => ({
  container: 'matroska,webm',
  durationSeconds: 2,
  video: { ...video, ...changes.video },
  audio: changes.audio === null ? null : { ...audio, ...changes.audio },
  allowPartial: false,
  warnings: [],
});

describe('the timeline', () => {
  test('of a plain source is its own', () => {
    expect(planTimeline(source())).toEqual({
      originSeconds: 0,
      leadFrames: 0,
      sourceFrames: 50,
      tailFrames: 0,
      frames: 50,
    });
  });

  test('holds the first picture under sound that begins before it', () => {
    const late = source({ video: { startSeconds: 1.01, endSeconds: 3.01 } });
    const timeline = planTimeline(late);
    expect(timeline).toMatchObject({ leadFrames: 25, frames: 75 });
    expect(timeline.originSeconds).toBeCloseTo(0.01, 9);
  });

  test('cuts the little sound that encoders put before the picture', () => {
    const late = source({ video: { startSeconds: 0.08, endSeconds: 2.08 } });
    expect(planTimeline(late)).toMatchObject({ leadFrames: 0, originSeconds: 0.08, frames: 50 });
  });

  test('holds the last picture under sound that goes on, and cuts what is only rounding', () => {
    expect(planTimeline(source({ audio: { endSeconds: 4 } }))).toMatchObject({ tailFrames: 50 });
    expect(planTimeline(source({ audio: { endSeconds: 2.4 } }))).toMatchObject({ tailFrames: 0 });
  });

  test('of a variable rate lasts as long as the source', () => {
    const variable = { constantRate: false, frames: 37, endSeconds: 1.99 };
    expect(planTimeline(source({ video: variable })).sourceFrames).toBe(50);
  });

  test('puts every frame of a constant rate exactly on the grid, whatever the offsets', () => {
    const second = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(second, second, fc.integer({ min: 1, max: 500 }), (start, sound, frames) => {
        const endSeconds = start + frames / 25;
        const moved = { startSeconds: start, endSeconds, frames };
        const timeline = planTimeline(
          source({ video: moved, audio: { startSeconds: sound, endSeconds } }),
        );
        const first = (start - timeline.originSeconds) * 25;
        expect(first).toBeCloseTo(timeline.leadFrames, 6);
        expect(timeline.sourceFrames).toBe(frames);
        const cut = timeline.originSeconds - sound;
        if (cut > 0) expect(cut).toBeLessThanOrEqual(0.15 + 1e-9);
      }),
    );
  });
});

const planWhole = (media: SourceMedia) => planSource(media, { whole: true });

describe('a source planned whole', () => {
  test('is a valid plan of one chunk on the grid', () => {
    const plan = EncodePlan.parse(planWhole(source()));
    expect(plan.gopFrames).toBe(100);
    expect(chunkCount(plan)).toBe(1);
    expect(plan.video.map(({ name }) => name)).toEqual(['240p']);
  });

  test('keeps mono, brings more channels down to stereo, and keeps only usual rates', () => {
    const target = (changes: Partial<SourceAudio>) => planWhole(source({ audio: changes })).audio;
    expect(target({ channels: 1 })).toMatchObject({ channels: 1, sampleRate: 48_000 });
    expect(target({ channels: 6 })).toMatchObject({ channels: 2 });
    expect(target({ sampleRate: 44_100 })).toMatchObject({ sampleRate: 44_100 });
    expect(target({ sampleRate: 96_000 })).toMatchObject({ sampleRate: 48_000 });
    expect(planWhole(source({ audio: null })).audio).toBeNull();
  });

  test('has the sound that was asked for, and no more channels than the source', () => {
    const asked = (channels: number, sound: Outputs['audio']) =>
      planSource(source({ audio: { channels } }), {
        whole: true,
        outputs: Outputs.parse({ audio: sound }),
      }).audio;
    expect(asked(2, { channels: 1 })).toMatchObject({ channels: 1, bitsPerSecond: 80_000 });
    expect(asked(1, { channels: 2 })).toMatchObject({ channels: 1, bitsPerSecond: 80_000 });
    expect(asked(6, { bitsPerSecond: 64_000 })).toMatchObject({
      channels: 2,
      bitsPerSecond: 64_000,
    });
  });

  test('has segments of about four seconds in whole frames at any rate', () => {
    const rates = [rational(25, 2), rational(179, 6), rational(24000, 1001), rational(60, 1)];
    for (const frameRate of rates) {
      const { gopFrames } = planWhole(source({ video: { frameRate } }));
      expect(Number.isInteger(gopFrames)).toBe(true);
      expect(Math.abs(gopFrames / toNumber(frameRate) - 4)).toBeLessThan(0.05);
    }
    const slow = planWhole(source({ video: { frameRate: rational(1, 10) } }));
    expect(slow.gopFrames).toBe(1);
  });
});

test('a slower speed is more work, and so more chunks', () => {
  const film = source({
    video: { ...{ width: 1280, height: 720 }, frames: 15_000, endSeconds: 600 },
  });
  const at = (speed: Outputs['speed']) =>
    planSource(film, { whole: false, outputs: Outputs.parse({ speed }) });
  expect(at('slow').speed).toBe('slow');
  expect(chunkCount(at('slow'))).toBeGreaterThan(1.5 * chunkCount(at('veryfast')));
  expect(at('slow').gopFrames).toBe(at('veryfast').gopFrames);
});

test('a chunk is never so short that its encoder holds back all of it', () => {
  const whole = planWhole(source());
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40_000 }),
      fc.integer({ min: 1, max: 240 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (frames, gopFrames, coreSeconds) => {
        const chunkFrames = framesPerChunk(frames, gopFrames, coreSeconds);
        const plan = { ...whole, frames, gopFrames, chunkFrames };
        const last = chunkAt(plan, chunkCount(plan) - 1);
        expect(last.frames).toBeGreaterThanOrEqual(Math.min(3, frames));
        expect(last.firstFrame % gopFrames).toBe(0);
      },
    ),
    { numRuns: 2000 },
  );
});
