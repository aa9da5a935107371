import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type JobGroup, planScaling, type ScalingInput, type ScalingSettings } from './plan.ts';

const settings: ScalingSettings = {
  minWorkers: 0,
  maxWorkers: 100,
  lanesPerWorker: 1,
  waitTargetSeconds: 120,
  startSeconds: 45,
};
const nothing: ScalingInput = { waiting: [], running: [], ready: 0, starting: [] };

const groups = fc.array(
  fc.record({
    jobs: fc.integer({ min: 1, max: 40 }),
    estimateSeconds: fc.integer({ min: 1, max: 300 }),
    seconds: fc.integer({ min: 0, max: 400 }),
  }),
  { maxLength: 6 },
);
const inputs: fc.Arbitrary<ScalingInput> = fc.record({
  waiting: groups,
  running: groups,
  ready: fc.integer({ min: 0, max: 30 }),
  starting: fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 10 }),
});
const limits: fc.Arbitrary<ScalingSettings> = fc.record({
  minWorkers: fc.integer({ min: 0, max: 10 }),
  maxWorkers: fc.integer({ min: 0, max: 60 }),
  lanesPerWorker: fc.integer({ min: 1, max: 4 }),
  waitTargetSeconds: fc.integer({ min: 0, max: 300 }),
  startSeconds: fc.integer({ min: 0, max: 90 }),
});

/** One job after the other onto the lane that is free first: what the plan must agree with. */
function lateOneByOne(input: ScalingInput, limit: ScalingSettings, launch: number): number {
  const left = (expected: number, elapsed: number) => Math.max(expected - elapsed, elapsed / 4);
  const lanes: number[] = [];
  const add = (count: number, free: number) => {
    for (let lane = 0; lane < count; lane += 1) lanes.push(free);
  };
  for (const group of input.running) {
    add(group.jobs, left(group.estimateSeconds, group.seconds));
  }
  add(input.ready * limit.lanesPerWorker - lanes.length, 0);
  for (const age of input.starting) add(limit.lanesPerWorker, left(limit.startSeconds, age));
  add(launch * limit.lanesPerWorker, limit.startSeconds);
  let late = 0;
  for (const group of input.waiting) {
    const latest = Math.max(limit.waitTargetSeconds - group.seconds, limit.startSeconds);
    for (let job = 0; job < group.jobs; job += 1) {
      const free = Math.min(...lanes);
      if (free > latest) late += 1;
      if (lanes.length > 0) lanes[lanes.indexOf(free)] = free + group.estimateSeconds;
    }
  }
  return late;
}

test('nothing waits: nothing is launched', () => {
  expect(planScaling(nothing, settings)).toEqual({
    launch: 0,
    reason: 'nothing_waits',
    waitingJobs: 0,
    lateJobs: 0,
    stillLateJobs: 0,
  });
});

test('the first job of an empty house gets one worker', () => {
  const waiting = [{ jobs: 1, estimateSeconds: 90, seconds: 0 }];
  expect(planScaling({ ...nothing, waiting }, settings)).toMatchObject({
    launch: 1,
    reason: 'late_jobs',
    lateJobs: 1,
    stillLateJobs: 0,
  });
});

test('a job that a starting or a busy worker will take in time launches nothing', () => {
  const waiting = [{ jobs: 1, estimateSeconds: 90, seconds: 10 }];
  const running = [{ jobs: 1, estimateSeconds: 90, seconds: 30 }];
  const inTime = { launch: 0, reason: 'in_time', lateJobs: 0 };
  expect(planScaling({ ...nothing, waiting, starting: [5] }, settings)).toMatchObject(inTime);
  expect(planScaling({ ...nothing, waiting, running, ready: 1 }, settings)).toMatchObject(inTime);
});

test('a short job of many launches few, since one worker does many within the wait target', () => {
  const waiting = [{ jobs: 100, estimateSeconds: 3, seconds: 0 }];
  // Within 120 s, a worker that is there after 45 s starts 26 jobs of 3 s.
  expect(planScaling({ ...nothing, waiting }, settings).launch).toBe(4);
});

test('a worker that was launched long ago and never came is made up for', () => {
  const waiting = [{ jobs: 1, estimateSeconds: 90, seconds: 300 }];
  expect(planScaling({ ...nothing, waiting, starting: [60] }, settings).launch).toBe(0);
  expect(planScaling({ ...nothing, waiting, starting: [300] }, settings).launch).toBe(1);
});

test('at the limit it says that jobs will be late', () => {
  const waiting = [{ jobs: 500, estimateSeconds: 90, seconds: 0 }];
  expect(planScaling({ ...nothing, waiting, ready: 100 }, settings)).toMatchObject({
    launch: 0,
    reason: 'limit',
    lateJobs: 300,
  });
});

test('the minimum is held though nothing waits', () => {
  expect(planScaling({ ...nothing, starting: [3] }, { ...settings, minWorkers: 3 })).toMatchObject({
    launch: 2,
    reason: 'minimum',
  });
});

test('of jobs of any sizes and ages, as few start late as can be, with the fewest workers', () => {
  fc.assert(
    fc.property(inputs, limits, (input, limit) => {
      const { launch, lateJobs, stillLateJobs } = planScaling(input, limit);
      const there = input.ready + input.starting.length;
      const room = Math.max(0, limit.maxWorkers - there);
      expect(lateJobs).toBe(lateOneByOne(input, limit, 0));
      expect(stillLateJobs).toBe(lateOneByOne(input, limit, room));
      expect(lateOneByOne(input, limit, launch)).toBe(stillLateJobs);
      const wanted = Math.min(limit.minWorkers, limit.maxWorkers) - there;
      if (launch > Math.max(0, wanted)) {
        expect(lateOneByOne(input, limit, launch - 1)).toBeGreaterThan(stillLateJobs);
      }
    }),
    { numRuns: 300 },
  );
});

test('it never launches less than nothing or beyond the limit, and always up to the minimum', () => {
  fc.assert(
    fc.property(inputs, limits, (input, limit) => {
      const { launch } = planScaling(input, limit);
      const there = input.ready + input.starting.length;
      expect(launch).toBeGreaterThanOrEqual(0);
      expect(launch).toBeLessThanOrEqual(Math.max(0, limit.maxWorkers - there));
      expect(there + launch).toBeGreaterThanOrEqual(Math.min(limit.minWorkers, limit.maxWorkers));
    }),
  );
});

test('a further worker that is there never makes more jobs late', () => {
  fc.assert(
    fc.property(inputs, limits, (input, limit) => {
      const more = planScaling({ ...input, ready: input.ready + 1 }, limit);
      expect(more.lateJobs).toBeLessThanOrEqual(planScaling(input, limit).lateJobs);
    }),
  );
});

test('jobs that come to the end of the queue never lessen the workers launched', () => {
  const last: fc.Arbitrary<JobGroup> = fc.record({
    jobs: fc.integer({ min: 1, max: 40 }),
    estimateSeconds: fc.integer({ min: 1, max: 300 }),
    seconds: fc.constant(0),
  });
  fc.assert(
    fc.property(inputs, limits, last, (input, limit, group) => {
      const more = planScaling({ ...input, waiting: [...input.waiting, group] }, limit);
      expect(more.launch).toBeGreaterThanOrEqual(planScaling(input, limit).launch);
    }),
  );
});

test('work grows with the groups and the workers, not with the jobs', () => {
  const group = { estimateSeconds: 0.1, seconds: 0 };
  const plan = (jobs: number) =>
    planScaling(
      { ...nothing, waiting: Array.from({ length: 100 }, () => ({ ...group, jobs })), ready: 50 },
      { ...settings, lanesPerWorker: 4 },
    );
  // Ten thousand million jobs one by one would not end within the test.
  expect(plan(100_000_000)).toMatchObject({ launch: 50, reason: 'late_jobs' });
  expect(plan(10)).toMatchObject({ launch: 0, reason: 'in_time' });
});
