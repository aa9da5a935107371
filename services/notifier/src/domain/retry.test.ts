import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRetryAfter, secondsToNextTry } from './retry.ts';

const schedule = [5, 30, 120, 600];
const at = (hours: number) => new Date(hours * 3_600_000);
const none = () => 0;
const failed = { attempt: 1, since: at(0), now: at(0), retryAfterSeconds: null };

test('pauses follow the schedule, and then its last entry', () => {
  const pauses = [1, 2, 3, 4, 5, 6].map((attempt) =>
    secondsToNextTry({ ...failed, attempt, now: at(1) }, schedule, none),
  );
  expect(pauses).toEqual([5, 30, 120, 600, 600, 600]);
});

test('deliveries that were no tries make no pause longer than the schedule has had time for', () => {
  const pauses = [0, 4, 5, 34, 35, 154, 155, 5000].map((seconds) =>
    secondsToNextTry({ ...failed, attempt: 50, now: at(seconds / 3600) }, schedule, none),
  );
  expect(pauses).toEqual([5, 5, 30, 30, 120, 120, 600, 600]);
});

test('a receiver that asks for more time gets it, one that asks for less does not', () => {
  expect(secondsToNextTry({ ...failed, retryAfterSeconds: 77 }, schedule, none)).toBe(77);
  expect(secondsToNextTry({ ...failed, retryAfterSeconds: 1 }, schedule, none)).toBe(5);
});

test('the last try comes 24 h after the first, and then there is none', () => {
  const late = { ...failed, attempt: 9 };
  expect(secondsToNextTry({ ...late, now: at(23.9) }, schedule, none)).toBeCloseTo(360);
  expect(secondsToNextTry({ ...late, now: at(24) }, schedule, none)).toBeNull();
  expect(secondsToNextTry({ ...late, now: at(500) }, schedule, none)).toBeNull();
});

test('a try is never more than 12 h away, nor after the end, and its jitter is at most a tenth', () => {
  void fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 30, noNaN: true }),
      fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, hours, retryAfterSeconds, random) => {
        const next = { ...failed, attempt, now: at(hours), retryAfterSeconds };
        const pause = secondsToNextTry(next, schedule, () => random);
        if (pause === null) return expect(hours).toBeGreaterThanOrEqual(24);
        expect(pause).toBeGreaterThan(0);
        expect(pause).toBeLessThanOrEqual(12 * 3600);
        expect(hours * 3600 + pause).toBeLessThanOrEqual(24 * 3600 + 0.001);
        if (retryAfterSeconds === null) {
          expect(pause).toBeLessThanOrEqual((schedule[attempt - 1] ?? 600) * 1.1);
        }
      },
    ),
  );
});

test.each([
  [undefined, null],
  ['120', 120],
  [' 7 ', 7],
  ['Thu, 01 Jan 1970 01:00:30 GMT', 30],
  ['Thu, 01 Jan 1970 00:00:30 GMT', 0],
  ['soon', null],
  ['', null],
])('Retry-After %s asks for %s seconds', (header, seconds) => {
  expect(parseRetryAfter(header, at(1))).toBe(seconds);
});
