import { expect, test } from '@jest/globals';
import { ENCODE_JOBS, INGEST_JOBS, type JobGroup } from '@spillway/contracts';
import { type PlanSettings, planWorkers } from './plan-workers.ts';

const settings: PlanSettings = {
  ...{ minWorkers: 0, maxWorkers: 100, waitTargetSeconds: 120, startSeconds: 45 },
  ...{ workerCores: 2, ingestSlots: 8 },
};
const none = { ready: 0, starting: [] };
const group = (jobs: number, queue = ENCODE_JOBS, estimateSeconds = 60): JobGroup => ({
  queue,
  jobs,
  estimateSeconds,
  seconds: 0,
});
const launches = (waiting: JobGroup[], running: JobGroup[] = [], workers = none) =>
  planWorkers({ waiting, running }, workers, settings).launch;

test('without work and workers there is nothing to do', () => {
  expect(planWorkers({ waiting: [], running: [] }, none, settings)).toMatchObject({
    ...{ launch: 0, reason: 'nothing_waits', waitingJobs: 0 },
  });
});

test('a copy needs a worker as an encode does', () => {
  expect(launches([group(1, INGEST_JOBS, 5)])).toBe(1);
  expect(launches([group(1)])).toBe(1);
});

test('copies and encodes share workers: the larger plan is enough for both', () => {
  const encodes = launches([group(40)]);
  const copies = launches([group(200, INGEST_JOBS)]);
  expect(Math.min(encodes, copies)).toBeGreaterThan(1);
  expect(launches([group(200, INGEST_JOBS), group(40)])).toBe(Math.max(encodes, copies));
});

test('a film that is being encoded does not hold up downloads', () => {
  const workers = { ready: 1, starting: [] };
  const film = [group(2, ENCODE_JOBS, 7200)];
  expect(launches([group(8, INGEST_JOBS, 5)], film, workers)).toBe(0);
  expect(launches([group(8, ENCODE_JOBS, 5)], film, workers)).toBeGreaterThan(0);
});

test('the figures are of both', () => {
  const work = { waiting: [group(3, INGEST_JOBS), group(4)], running: [] };
  expect(planWorkers(work, none, settings)).toMatchObject({ waitingJobs: 7, lateJobs: 7 });
});

test('what holds up copies is told beside encodes that start in time', () => {
  const workers = { ready: 1, starting: [] };
  const limited = { ...settings, maxWorkers: 1 };
  const copying = group(8, INGEST_JOBS, 7200);
  const work = { waiting: [group(100, INGEST_JOBS), group(1)], running: [copying] };
  expect(planWorkers(work, workers, limited)).toMatchObject({ reason: 'limit', lateJobs: 100 });
});
