import { expect, test } from '@jest/globals';
import { mayFinish, remainingSeconds } from './remaining.ts';

test("remaining time follows the job's own pace once it has one", () => {
  const standing = { elapsedSeconds: 30, fraction: 0.75, expectedSeconds: 500 };
  expect(remainingSeconds(standing)).toBeCloseTo(10);
});

test('before that it is what was expected, and never below nothing', () => {
  const early = { fraction: 0, expectedSeconds: 10 };
  expect(remainingSeconds({ ...early, elapsedSeconds: 4 })).toBe(6);
  expect(remainingSeconds({ ...early, elapsedSeconds: 40 })).toBe(0);
});

test('at a stop only what fits into the grace goes on', () => {
  const half = { elapsedSeconds: 10, fraction: 0.5, expectedSeconds: null };
  expect(mayFinish(half, 10)).toBe(true);
  expect(mayFinish(half, 9)).toBe(false);
});

test('a job of which nothing is known is given back', () => {
  expect(mayFinish({ elapsedSeconds: 1, fraction: 0, expectedSeconds: null }, 600)).toBe(false);
});
