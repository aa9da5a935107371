import { describe, expect, test } from '@jest/globals';
import { RenditionRequest } from '@spillway/contracts';
import fc from 'fast-check';
import { rational } from '../rational.ts';
import { ladderWarnings, maxBitsPerSecond, planLadder } from './ladder.ts';

const thirty = rational(30, 1);
const sizes = (width: number, height: number): string[] =>
  planLadder({ width, height }, thirty, null).map((target) => `${target.width}x${target.height}`);

describe('the ladder', () => {
  const cases: [width: number, height: number, wanted: string[]][] = [
    [1920, 1080, ['1920x1080', '1280x720', '854x480', '640x360', '426x240']],
    [3840, 2160, ['1920x1080', '1280x720', '854x480', '640x360', '426x240']],
    [1080, 1920, ['1080x1920', '720x1280', '480x854', '360x640', '240x426']],
    [1280, 720, ['1280x720', '854x480', '640x360', '426x240']],
    [768, 432, ['768x432', '640x360', '426x240']],
    [640, 480, ['640x480', '480x360', '320x240']],
    [1920, 800, ['1920x800', '1152x480', '864x360', '576x240']],
    [720, 490, ['706x480', '528x360', '352x240']],
    [320, 180, ['320x180']],
    [321, 181, ['320x180']],
    [426, 242, ['422x240']],
    [16, 16, ['16x16']],
  ];
  test.each(cases)('of %dx%d', (width, height, wanted) => {
    expect(sizes(width, height)).toEqual(wanted);
  });

  test('is even, never upscaled, descending, of one shape and without twins, for any size', () => {
    const side = fc.integer({ min: 16, max: 8192 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const rungs = planLadder({ width, height }, thirty, null);
        expect(rungs.length).toBeGreaterThan(0);
        expect(new Set(rungs.map(({ name }) => name)).size).toBe(rungs.length);
        for (const [index, rung] of rungs.entries()) {
          expect([rung.width % 2, rung.height % 2]).toEqual([0, 0]);
          expect(rung.width).toBeLessThanOrEqual(width + 1);
          expect(rung.height).toBeLessThanOrEqual(height + 1);
          const above = rungs[index - 1];
          if (above) expect(rung.width * rung.height).toBeLessThan(above.width * above.height);
          const distortion = (rung.width * height) / (rung.height * width);
          const tolerance = 2 / Math.min(rung.width, rung.height);
          expect(Math.abs(distortion - 1)).toBeLessThanOrEqual(tolerance * 1.2);
        }
      }),
    );
  });

  test('caps grow with size and rate', () => {
    expect(maxBitsPerSecond(1920, 1080, 30)).toBe(5_000_000);
    expect(maxBitsPerSecond(1920, 1080, 60)).toBeGreaterThan(6_500_000);
    expect(maxBitsPerSecond(1920, 1080, 12.5)).toBe(5_000_000);
    expect(maxBitsPerSecond(426, 240, 30)).toBeLessThan(500_000);
  });
});

describe('a ladder that was asked for', () => {
  const hd = { width: 1920, height: 1080 };

  test('has each rendition as it was asked for, best first, and the rest by size and rate', () => {
    const ladder = planLadder(hd, thirty, [
      { lines: 360 },
      { lines: 720, crf: 20, maxBitsPerSecond: 4_000_000 },
    ]);
    expect(ladder).toEqual([
      { name: '720p', width: 1280, height: 720, crf: 20, maxBitsPerSecond: 4_000_000 },
      { name: '360p', width: 640, height: 360, crf: 23, maxBitsPerSecond: 862_000 },
    ]);
    expect(ladderWarnings(hd, [{ lines: 360 }])).toEqual([]);
  });

  test('leaves out what is larger than the source, and says so', () => {
    const asked = [{ lines: 480 }, { lines: 1440 }, { lines: 2160 }, { lines: 1080 }];
    expect(planLadder(hd, thirty, asked).map(({ name }) => name)).toEqual(['1080p', '480p']);
    expect(ladderWarnings(hd, asked)).toEqual([
      'Left out: renditions of 2160, 1440 lines; the source has 1080.',
    ]);
  });

  test('is the size of the source when all are larger, with what the lowest was to be', () => {
    const clip = { width: 321, height: 181 };
    const asked = [{ lines: 1080 }, { lines: 720, crf: 18, maxBitsPerSecond: 900_000 }];
    expect(planLadder(clip, thirty, asked)).toEqual([
      { name: '180p', width: 320, height: 180, crf: 18, maxBitsPerSecond: 900_000 },
    ]);
    expect(ladderWarnings(clip, asked)).toEqual([
      'Left out: renditions of 1080, 720 lines; the source has 180, and is encoded at its own size.',
    ]);
  });

  test('never upscales, keeps the shape and tells of all that is missing, whatever is asked', () => {
    const side = fc.integer({ min: 16, max: 8192 });
    const lines = fc.integer({ min: 72, max: 1080 }).map((half) => half * 2);
    const crf = fc.option(fc.integer({ min: 16, max: 40 }), { nil: undefined });
    const rendition = fc.record({ lines, crf }).map((fields) => RenditionRequest.parse(fields));
    const ladder = fc.uniqueArray(rendition, {
      minLength: 1,
      maxLength: 10,
      selector: (one) => one.lines,
    });
    fc.assert(
      fc.property(side, side, ladder, (width, height, asked) => {
        const made = planLadder({ width, height }, thirty, asked);
        const own = Math.floor(Math.min(width, height) / 2) * 2;
        const wanted = asked.filter((one) => one.lines <= own);
        const madeLines = made.map((one) => Math.min(one.width, one.height));
        expect(madeLines).toEqual(
          wanted.length > 0 ? wanted.map((one) => one.lines).sort((a, b) => b - a) : [own],
        );
        for (const one of made) {
          expect([one.width % 2, one.height % 2]).toEqual([0, 0]);
          expect(one.width).toBeLessThanOrEqual(width + 1);
          expect(one.height).toBeLessThanOrEqual(height + 1);
          const distortion = (one.width * height) / (one.height * width);
          expect(Math.abs(distortion - 1)).toBeLessThanOrEqual(
            2.4 / Math.min(one.width, one.height),
          );
          const its = wanted.find((it) => `${it.lines}p` === one.name);
          if (its) expect(one.crf).toBe(its.crf ?? 23);
        }
        const told = ladderWarnings({ width, height }, asked);
        expect(told.length).toBe(wanted.length < asked.length ? 1 : 0);
      }),
    );
  });
});
