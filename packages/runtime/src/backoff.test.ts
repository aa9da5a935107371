import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { backoffSeconds } from './backoff.ts';

test('waits double up to the ceiling', () => {
  const waits = [1, 2, 3, 4, 5].map((attempt) =>
    backoffSeconds({ firstSeconds: 1, maxSeconds: 10 }, attempt, () => 0),
  );
  expect(waits).toEqual([1, 2, 4, 8, 10]);
});

test('jitter takes off at most a quarter, however many attempts', () => {
  void fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, luck) => {
        const backoff = { firstSeconds: 2, maxSeconds: 300 };
        const whole = backoffSeconds(backoff, attempt, () => 0);
        const seconds = backoffSeconds(backoff, attempt, () => luck);
        expect(seconds).toBeGreaterThanOrEqual(whole * 0.75);
        expect(seconds).toBeLessThanOrEqual(whole);
      },
    ),
  );
});
