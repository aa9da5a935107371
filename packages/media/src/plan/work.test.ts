import { expect, test } from '@jest/globals';
import type { EncodePlan } from '@spillway/contracts';
import { samplePlan } from '@spillway/contracts/testing';
import { coreSecondsPerFrame, estimateCoreSeconds, isShort } from './work.ts';

function plan(sizes: [number, number][], frames: number): EncodePlan {
  const video = sizes.map(([width, height]) => ({
    name: `${height}p`,
    width,
    height,
    crf: 23,
    maxBitsPerSecond: 1_000_000,
  }));
  return samplePlan({ frames, video, coreSecondsPerFrame: coreSecondsPerFrame(video, 'veryfast') });
}
const ladder: [number, number][] = [
  [1280, 720],
  [854, 480],
  [640, 360],
];

test('work grows with frames and with the pixels of every rendition', () => {
  const one = estimateCoreSeconds(plan([[640, 360]], 1000));
  expect(estimateCoreSeconds(plan([[640, 360]], 2000))).toBeCloseTo(2 * one);
  expect(
    estimateCoreSeconds(
      plan(
        [
          [640, 360],
          [640, 360],
        ],
        1000,
      ),
    ),
  ).toBeCloseTo(2 * one);
});

test('a clip of a flood gets one thread, a minute of 720p the whole machine', () => {
  expect(isShort(estimateCoreSeconds(plan([[320, 180]], 25)))).toBe(true);
  expect(isShort(estimateCoreSeconds(plan(ladder, 60 * 25)))).toBe(false);
});
