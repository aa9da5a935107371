import { expect, test } from '@jest/globals';
import { ENCODE_JOBS } from '@spillway/contracts';
import type { ScalingPlan } from '@spillway/scaling';
import { reasonFor } from './sentence.ts';

const settings = {
  ...{ minWorkers: 2, maxWorkers: 9, waitTargetSeconds: 120, startSeconds: 45 },
  ...{ workerCores: 2, ingestSlots: 8 },
};
const work = {
  waiting: [
    { queue: ENCODE_JOBS, jobs: 118, estimateSeconds: 30, seconds: 41.2 },
    { queue: ENCODE_JOBS, jobs: 2, estimateSeconds: 20, seconds: 3 },
  ],
  running: [],
};
const say = (plan: Partial<ScalingPlan>) =>
  reasonFor(
    { launch: 0, reason: 'in_time', waitingJobs: 120, lateJobs: 0, stillLateJobs: 0, ...plan },
    work,
    { ready: 1, starting: [3, 4] },
    settings,
  );

test('a decision says why, with the figures that it was made of', () => {
  expect(say({ launch: 7, reason: 'late_jobs', lateJobs: 60 })).toBe(
    '120 jobs of 3580 s of work wait, up to 41 s; 60 would start later than 120 s: 1 worker ready, 2 starting',
  );
  expect(say({ reason: 'limit', lateJobs: 60 })).toContain('no more than 9 workers are allowed');
  expect(say({ reason: 'minimum' })).toContain('the minimum of 2');
});
