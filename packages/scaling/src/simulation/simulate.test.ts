import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clairvoyant } from './clairvoyant.ts';
import { Clock } from './clock.ts';
import { NO_NOISE, QUEUE_NOISE } from './noise.ts';
import { eks, fargate, fargateSpot, platforms } from './platforms.ts';
import { Queue } from './queue.ts';
import type { ScalerFactory, ScalerSettings } from './scaler.ts';
import { cdkSteps, targetTracking } from './scalers/cloud-watch.ts';
import { kedaScaledJob } from './scalers/keda-scaled-job.ts';
import { kedaScaledObject } from './scalers/keda-scaled-object.ts';
import { spillway } from './scalers/spillway.ts';
import { simulate } from './simulate.ts';
import { alibaba, burst, diurnal, sparse, type Trace } from './traces.ts';

const settings: ScalerSettings = {
  maxWorkers: 20,
  lanesPerWorker: 1,
  waitTargetSeconds: 120,
  startSeconds: 45,
  meanJobSeconds: 90,
};
const everyScaler = [
  spillway,
  kedaScaledObject(1),
  kedaScaledObject(5),
  kedaScaledJob('default'),
  kedaScaledJob('accurate'),
  targetTracking,
  cdkSteps,
];

function run(trace: Trace, scaler: ScalerFactory, seed = 1, changes = {}) {
  const options = { platform: fargate, settings, noise: QUEUE_NOISE, order: 'first_come' as const };
  return simulate({ trace, scaler, seed, ...options, ...changes });
}

test('things happen in the order of their time, of one time in the order of planning', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const clock = new Clock();
      const ran: { at: number; index: number }[] = [];
      for (const [index, at] of times.entries()) {
        clock.after(at, () => ran.push({ at: clock.now, index }));
      }
      while (clock.step());
      const expected = times
        .map((at, index) => ({ at, index }))
        .sort((a, b) => a.at - b.at || a.index - b.index);
      expect(ran).toEqual(expected);
    }),
  );
});

test('a job that is given back to the queue gets its old place', () => {
  const job = (arrival: number, estimateSeconds: number) => ({
    arrival,
    estimateSeconds,
    workSeconds: 1,
  });
  const jobs = [job(1, 5), job(2, 9), job(3, 7)];
  const taken = (order: 'first_come' | 'longest_first') => {
    const queue = new Queue(order);
    for (const each of jobs) queue.put(each);
    const first = queue.take();
    if (first) queue.put(first);
    return [...queue].map(({ arrival }) => arrival);
  };
  expect(taken('first_come')).toEqual([1, 2, 3]);
  expect(taken('longest_first')).toEqual([2, 3, 1]);
});

test('one job in an empty house: one worker, from its launch to ten idle seconds', () => {
  const job = { arrival: 0, estimateSeconds: 100, workSeconds: 100 };
  const result = run({ name: 'one', seconds: 0, jobs: [job] }, spillway, 1, { noise: NO_NOISE });
  const [wait = 0] = result.waits;
  expect(result.launched).toBe(1);
  expect(wait).toBeGreaterThan(20);
  // The plan comes every 5 s, and the start is clipped at 180 s.
  expect(wait).toBeLessThan(185);
  expect(result.makespanSeconds).toBeCloseTo(wait + 100);
  expect(result.workedSeconds).toBe(100);
  expect(result.billedSeconds).toBeGreaterThan(100 + wait - 5 + 10 - 1e-6);
  expect(result.billedSeconds).toBeLessThanOrEqual(100 + wait + 10 + 1e-6);
});

test('at least a minute is paid for', () => {
  const job = { arrival: 0, estimateSeconds: 1, workSeconds: 1 };
  const result = run({ name: 'short', seconds: 0, jobs: [job] }, kedaScaledJob('default'), 3);
  expect(result.billedSeconds / result.launched).toBeGreaterThanOrEqual(60);
});

test('every algorithm does all the work, within its limit, and pays for no less than was worked and lost', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...everyScaler),
      fc.constantFrom(...platforms),
      fc.integer({ min: 1, max: 1000 }),
      (scaler, platform, seed) => {
        const trace = burst(80, seed);
        const result = run(trace, scaler, seed, { platform });
        const work = trace.jobs.reduce((sum, { workSeconds }) => sum + workSeconds, 0);
        expect(result.waits).toHaveLength(80);
        expect(Math.min(...result.waits)).toBeGreaterThanOrEqual(-1e-6);
        expect(result.workedSeconds).toBeCloseTo(work);
        expect(result.billedSeconds).toBeGreaterThanOrEqual(work + result.lostSeconds);
        expect(Math.max(...result.samples.map(({ workers }) => workers))).toBeLessThanOrEqual(20);
      },
    ),
    { numRuns: 40 },
  );
});

test('Spillway stops no busy worker, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...platforms),
      fc.constantFrom('first_come', 'longest_first'),
      fc.integer({ min: 1, max: 1000 }),
      (platform, order, seed) => {
        const result = run(sparse(30, seed), spillway, seed, { platform, order });
        expect(result.busyStopped).toBe(0);
        if (platform.reclaimsPerHour === 0) expect(result.lostSeconds).toBe(0);
      },
    ),
    { numRuns: 8 },
  );
});

test('a ScaledObject stops busy workers, and what they did is lost', () => {
  const result = run(diurnal(2, 1), kedaScaledObject(1), 1);
  expect(result.busyStopped).toBeGreaterThan(0);
  expect(result.lostSeconds).toBeGreaterThan(0);
});

test('reclaims come at their rate, and what was lost is done again', () => {
  const trace = burst(400, 5);
  const often = { ...fargateSpot, reclaimsPerHour: 2 };
  const result = run(trace, spillway, 5, { platform: often });
  const expected = (2 * result.billedSeconds) / 3600;
  expect(result.reclaimed).toBeGreaterThan(expected / 2);
  expect(result.reclaimed).toBeLessThan(expected * 2);
  expect(result.lostSeconds).toBeGreaterThan(0);
  expect(result.waits).toHaveLength(400);
});

test('a seed is played in the same way again, another one in another', () => {
  const trace = sparse(30, 9);
  expect(run(trace, kedaScaledObject(1), 4)).toEqual(run(trace, kedaScaledObject(1), 4));
  expect(run(trace, kedaScaledObject(1), 4)).not.toEqual(run(trace, kedaScaledObject(1), 5));
});

test('workers of several lanes do several jobs at a time, and all lanes are paid for', () => {
  const trace = burst(80, 2);
  const lanes = { ...settings, maxWorkers: 5, lanesPerWorker: 4 };
  const result = run(trace, spillway, 2, { settings: lanes, platform: eks });
  expect(result.launched).toBeLessThanOrEqual(5);
  expect(result.makespanSeconds).toBeGreaterThan(result.workedSeconds / 20);
  expect(result.makespanSeconds).toBeLessThan(result.workedSeconds / 10);
  expect(result.billedSeconds).toBeGreaterThan(result.workedSeconds);
});

test('the clairvoyant lets no job wait for longer than the target, and pays less than Spillway when work is sparse', () => {
  for (const seed of [1, 2, 3]) {
    const trace = sparse(12, seed);
    const best = clairvoyant(trace, 120, fargate, seed);
    const work = trace.jobs.reduce((sum, { workSeconds }) => sum + workSeconds, 0);
    expect(Math.max(...best.waits)).toBeLessThanOrEqual(120 + 1e-6);
    expect(best.billedSeconds).toBeGreaterThan(work);
    expect(best.billedSeconds).toBeLessThan(run(trace, spillway, seed).billedSeconds);
  }
});

test('the trace of Alibaba has the published statistics', () => {
  const counts = { minutes: [] as number[], hours: [] as number[] };
  const work: number[] = [];
  for (let seed = 1; seed <= 40; seed += 1) {
    const { jobs } = alibaba(1, seed);
    const perMinute = Array<number>(1440).fill(0);
    const perHour = Array<number>(24).fill(0);
    for (const { arrival, workSeconds } of jobs) {
      perMinute[Math.floor(arrival / 60)] = (perMinute[Math.floor(arrival / 60)] ?? 0) + 1;
      perHour[Math.floor(arrival / 3600)] = (perHour[Math.floor(arrival / 3600)] ?? 0) + 1;
      work.push(workSeconds);
    }
    counts.minutes.push(...perMinute);
    counts.hours.push(...perHour);
  }
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const dispersion = (values: readonly number[]) => {
    const middle = mean(values);
    return mean(values.map((value) => (value - middle) ** 2)) / middle;
  };
  expect(mean(counts.minutes)).toBeCloseTo(0.81, 0.5);
  expect(Math.abs(dispersion(counts.minutes) - 3.8)).toBeLessThan(1);
  expect(Math.abs(dispersion(counts.hours) - 140)).toBeLessThan(50);
  expect(counts.hours.filter((jobs) => jobs === 0).length / counts.hours.length).toBeCloseTo(
    0.33,
    1,
  );
  expect(mean(work)).toBeCloseTo(28.7, 0);
});

test('a day has the rate that it is named after, more by day than by night', () => {
  const days = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => diurnal(2, seed).jobs);
  const all = days.flat();
  expect(Math.abs(all.length / days.length - 2880)).toBeLessThan(500);
  const byDay = all.filter(({ arrival }) => arrival > 6 * 3600 && arrival < 18 * 3600).length;
  expect(byDay / all.length).toBeGreaterThan(0.6);
});

test('a burst that is cut into chunks is the same work in jobs of about that size', () => {
  const whole = burst(100, 1);
  const cut = burst(100, 1, { chunkSeconds: 20 });
  const work = ({ jobs }: Trace) => jobs.reduce((sum, { workSeconds }) => sum + workSeconds, 0);
  expect(work(cut)).toBeCloseTo(work(whole));
  expect(Math.max(...cut.jobs.map(({ estimateSeconds }) => estimateSeconds))).toBeLessThanOrEqual(
    30,
  );
});
