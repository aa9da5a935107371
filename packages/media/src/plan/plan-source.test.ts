import { describe, expect, test } from '@jest/globals';
import { chunkAt, chunkCount, EncodePlan, type SourceMedia } from '@spillway/contracts';
import { sampleMedia } from '@spillway/contracts/testing';
import fc from 'fast-check';
import { rational, toNumber } from '../rational.ts';
import { chunks as settings } from '../settings.ts';
import { planSource } from './plan-source.ts';
import { prerollOverGop } from './preroll.ts';
import { planTimeline } from './timeline.ts';
import { uncuttable } from './uncuttable.ts';
import { estimateCoreSeconds } from './work.ts';

const rates = [
  rational(24000, 1001),
  rational(30000, 1001),
  rational(60000, 1001),
  rational(179, 6),
  rational(25, 2),
  rational(60, 1),
  rational(1, 10),
];
const sizes: [width: number, height: number][] = [
  [1920, 1080],
  [720, 1280],
  [854, 480],
  [426, 240],
  [64, 64],
];

/** Sources of up to 24 hours, of constant and variable rates, with sound before and behind the picture. */
const source: fc.Arbitrary<SourceMedia> = fc
  .record({
    frameRate: fc.constantFrom(...rates),
    size: fc.constantFrom(...sizes),
    seconds: fc.oneof(
      fc.double({ min: 0.1, max: 600, noNaN: true }),
      fc.integer({ min: 1, max: 86_400 }),
    ),
    constantRate: fc.boolean(),
    startSeconds: fc.double({ min: -10, max: 100_000, noNaN: true }),
    lead: fc.double({ min: -5, max: 100, noNaN: true }),
    tail: fc.double({ min: -5, max: 100, noNaN: true }),
  })
  .map(({ frameRate, size, seconds, constantRate, startSeconds, lead, tail }) => {
    const frames = Math.max(1, Math.round(seconds * toNumber(frameRate)));
    const endSeconds = startSeconds + frames / toNumber(frameRate);
    const [width, height] = size;
    return {
      ...sampleMedia,
      video: {
        ...sampleMedia.video,
        ...{ width, height, frameRate, constantRate, startSeconds, endSeconds },
        frames: constantRate ? frames : Math.ceil(frames * 0.7),
        keyFrames: { mostSecondsApart: 2, open: false },
      },
      audio: {
        ...{ streamIndex: 1, codec: 'aac', channels: 2, sampleRate: 48_000, language: null },
        startSeconds: startSeconds - lead,
        endSeconds: Math.max(startSeconds - lead + 0.1, endSeconds + tail),
      },
    };
  });

const thousands = { numRuns: 3000 };

describe('the chunks of any source', () => {
  test('hold every frame exactly once, in order', () => {
    fc.assert(
      fc.property(source, (media) => {
        const plan = planSource(media, { whole: false });
        const { frames } = planTimeline(media);
        expect(plan.frames).toBe(frames);
        let next = 0;
        for (let index = 0; index < chunkCount(plan); index += 1) {
          const { firstFrame, frames: some } = chunkAt(plan, index);
          if (firstFrame !== next || some <= 0) throw new Error(`chunk ${index} is wrong`);
          next += some;
        }
        expect(next).toBe(frames);
      }),
      thousands,
    );
  });

  test('begin on the grid of segments, and none is so short that its init segment is another', () => {
    fc.assert(
      fc.property(source, (media) => {
        const plan = EncodePlan.parse(planSource(media, { whole: false }));
        const last = chunkAt(plan, chunkCount(plan) - 1);
        if (last.index === 0) return;
        expect(plan.chunkFrames % plan.gopFrames).toBe(0);
        expect(Number.isInteger(last.firstSegment)).toBe(true);
        expect(last.frames).toBeGreaterThanOrEqual(settings.leastFrames);
      }),
      thousands,
    );
  });

  test('are work of 10 to 60 s of one core, where a segment is not more, and at most 2000', () => {
    fc.assert(
      fc.property(source, (media) => {
        const plan = planSource(media, { whole: false });
        const count = chunkCount(plan);
        const all = estimateCoreSeconds(plan);
        const each = estimateCoreSeconds(plan, plan.chunkFrames);
        const gop = estimateCoreSeconds(plan, plan.gopFrames);
        expect(count).toBeLessThanOrEqual(2000);
        expect(count === 1).toBe(
          all < settings.leastCoreSeconds || plan.chunkFrames === plan.frames,
        );
        if (count === 1) return;
        expect(each).toBeGreaterThan(10);
        if (all / settings.coreSeconds < 2000)
          expect(each).toBeLessThanOrEqual(Math.max(60, 30 + 2 * gop));
      }),
      thousands,
    );
  });

  test('are one when the source is to be encoded whole', () => {
    fc.assert(
      fc.property(source, (media) => chunkCount(planSource(media, { whole: true })) === 1),
      thousands,
    );
  });
});

describe('decoding begins', () => {
  const preroll = (container: string, video: Partial<SourceMedia['video']>) =>
    planSource(
      { ...sampleMedia, container, video: { ...sampleMedia.video, ...video } },
      { whole: false },
    ).prerollSeconds;
  const keyFrames = { mostSecondsApart: 4, open: false };

  test('with the key frame before a chunk, where an index leads there', () => {
    expect(preroll('matroska,webm', { keyFrames })).toBe(0);
  });

  test('a little earlier, where pictures need others from before it', () => {
    expect(preroll('matroska,webm', { keyFrames: { ...keyFrames, open: true } })).toBe(1);
    expect(preroll('matroska,webm', { keyFrames, interlaced: true })).toBe(1);
  });

  test('further back than the longest GOP without an index', () => {
    const media = { ...sampleMedia, video: { ...sampleMedia.video, keyFrames } };
    expect(preroll('mpegts', { keyFrames })).toBe(prerollOverGop(media));
    expect(prerollOverGop(media)).toBeGreaterThan(4);
  });
});

test('a source whose last chunk would be nothing but a held picture is not cut', () => {
  fc.assert(
    fc.property(source, (media) => {
      const plan = planSource(media, { whole: false });
      const { leadFrames, sourceFrames } = planTimeline(media);
      const last = chunkAt(plan, chunkCount(plan) - 1);
      const isHeld = last.firstFrame >= leadFrames + sourceFrames;
      expect(/sound goes on/.test(uncuttable(plan) ?? '')).toBe(isHeld);
    }),
    thousands,
  );
});
