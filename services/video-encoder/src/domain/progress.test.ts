import { expect, test } from '@jest/globals';
import { isProgressDue } from './progress.ts';

const at = (seconds: number, segments: number | null = null) => ({ seconds, segments });

test('a job of its first seconds tells nothing, so that a flood of short ones costs no messages', () => {
  expect([0, 1.9, 2].map((seconds) => isProgressDue(at(seconds), null))).toEqual([
    false,
    false,
    true,
  ]);
});

test('later it tells every five seconds', () => {
  expect([6.9, 7].map((seconds) => isProgressDue(at(seconds), at(2)))).toEqual([false, true]);
});

test('the first segments of a sound are told at once, those behind them every second', () => {
  expect(isProgressDue(at(0.1, 0), null)).toBe(false);
  expect(isProgressDue(at(0.1, 1), null)).toBe(true);
  expect(isProgressDue(at(2.1, 1), at(2, 0))).toBe(true);
  expect(isProgressDue(at(1, 40), at(0.1, 1))).toBe(false);
  expect(isProgressDue(at(1.1, 40), at(0.1, 1))).toBe(true);
});

test('a sound that does not grow tells no more than any other job', () => {
  expect(isProgressDue(at(4, 40), at(1, 40))).toBe(false);
  expect(isProgressDue(at(6, 40), at(1, 40))).toBe(true);
});
