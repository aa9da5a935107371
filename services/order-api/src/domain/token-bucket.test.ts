import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Bucket, takeToken } from './token-bucket.ts';

const rate = fc.double({ min: 0.05, max: 5000, noNaN: true });
/** Milliseconds between requests. */
const pauses = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

/** When requests were let pass, and what those that were not were told. */
function run(perSecond: number, gaps: readonly number[]) {
  let bucket: Bucket | null = null;
  let now = 1000;
  return gaps.map((gap) => {
    now += gap;
    const taken = takeToken(bucket, perSecond, now);
    bucket = taken.bucket;
    return { now, ...taken };
  });
}

test('in no time passes more than the rate allows and two seconds of it at once', () => {
  fc.assert(
    fc.property(rate, pauses, (perSecond, gaps) => {
      const passed = run(perSecond, gaps).filter(({ waitSeconds }) => waitSeconds === 0);
      const capacity = Math.max(1, 2 * perSecond);
      passed.forEach((from, first) => {
        for (const [after, to] of passed.slice(first).entries()) {
          const allowed = capacity + (perSecond * (to.now - from.now)) / 1000;
          expect(after + 1).toBeLessThanOrEqual(allowed + 1e-6);
        }
      });
    }),
  );
});

test('whoever waits as long as was said passes', () => {
  fc.assert(
    fc.property(rate, pauses, (perSecond, gaps) => {
      for (const { bucket, now, waitSeconds } of run(perSecond, gaps)) {
        expect(waitSeconds).toBeGreaterThanOrEqual(0);
        // A microsecond more, for what binary fractions lose.
        const later = now + waitSeconds * 1000 + 0.001;
        if (waitSeconds > 0) expect(takeToken(bucket, perSecond, later).waitSeconds).toBe(0);
      }
    }),
  );
});

test('a clock that goes back gives nothing and takes nothing', () => {
  const { bucket } = takeToken(null, 10, 5000);
  expect(takeToken(bucket, 10, 4000).bucket.tokens).toBe(bucket.tokens - 1);
});
