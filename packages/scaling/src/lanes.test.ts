import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { placeJobs, startsUntil } from './lanes.ts';

const frees = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), {
  minLength: 1,
  maxLength: 12,
});
const secondsOfJob = fc.double({ min: 0.1, max: 90, noNaN: true });
const counts = fc.integer({ min: 0, max: 200 });

test('jobs are placed as one after the other onto the lane that is free first', () => {
  fc.assert(
    fc.property(frees, counts, secondsOfJob, (free, jobs, seconds) => {
      const lanes = Float64Array.from(free).sort();
      const oneByOne = [...lanes];
      for (let job = 0; job < jobs; job += 1) {
        const first = oneByOne.indexOf(Math.min(...oneByOne));
        oneByOne[first] = (oneByOne[first] ?? 0) + seconds;
      }
      placeJobs(lanes, jobs, seconds);
      for (const [index, expected] of oneByOne.sort((a, b) => a - b).entries()) {
        expect(lanes[index]).toBeCloseTo(expected, 6);
      }
    }),
    { numRuns: 1000 },
  );
});

test('as many jobs start until then as can be placed until then', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 300 }),
      (free, seconds, until) => {
        let starts = 0;
        for (const lane of free) for (let at = lane; at <= until; at += seconds) starts += 1;
        expect(startsUntil(Float64Array.from(free).sort(), seconds, until)).toBe(starts);
      },
    ),
  );
});
