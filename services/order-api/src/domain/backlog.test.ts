import { expect, test } from '@jest/globals';
import { type Backlog, ENCODE_JOBS, INGEST_JOBS } from '@spillway/contracts';
import * as fc from 'fast-check';
import { backlogOf, type OpenJobs } from './backlog.ts';

const AT = '2026-11-23T05:00:00.000Z';
const HIGH = 'encode-jobs-high';
const LOW = 'encode-jobs-low';
const USUAL = { copy: 3, encode: 40 };

const depth = (name: string, inFlight: number, delayed = 0): Backlog['queues'][number] => ({
  name,
  waiting: 0,
  inFlight,
  delayed,
});

const jobs = (count: number, more: Partial<OpenJobs> = {}): OpenJobs => ({
  queue: ENCODE_JOBS,
  running: false,
  jobs: count,
  estimateSeconds: 5,
  seconds: 10,
  oldestSeconds: more.seconds ?? 10,
  ...more,
});

const backlog = (open: readonly OpenJobs[], queues: Backlog['queues'] = []): Backlog =>
  backlogOf(open, USUAL, queues, AT);

test('nothing to do is no jobs and no age', () => {
  const { waiting, running } = backlog([]);
  expect(waiting).toEqual({ jobs: 0, estimatedSeconds: 0, oldestSeconds: null, groups: [] });
  expect(running).toEqual(waiting);
});

test('jobs without an estimate count with the mean of those of their lane that have one', () => {
  const { waiting, running } = backlog([
    jobs(2, { estimateSeconds: 10 }),
    jobs(2, { estimateSeconds: null }),
    jobs(1, { running: true, estimateSeconds: 40 }),
    jobs(1, { queue: INGEST_JOBS, estimateSeconds: null }),
  ]);
  expect(waiting).toMatchObject({ jobs: 5, estimatedSeconds: 2 * 10 + 2 * 20 + USUAL.copy });
  expect(running).toMatchObject({ jobs: 1, estimatedSeconds: 40 });
});

test('where nothing was ever learned a job counts with what is usual', () => {
  const { waiting } = backlog([jobs(7, { estimateSeconds: null })]);
  expect(waiting.estimatedSeconds).toBe(7 * USUAL.encode);
});

test('groups are in the order in which workers take them: by urgency, then by age', () => {
  const { waiting } = backlog([
    jobs(1, { queue: LOW, seconds: 900 }),
    jobs(2, { seconds: 10 }),
    jobs(3, { seconds: 70 }),
    jobs(4, { queue: HIGH, seconds: 1 }),
    jobs(5, { queue: INGEST_JOBS, seconds: 2 }),
  ]);
  expect(waiting.groups.map((group) => group.jobs)).toEqual([5, 4, 3, 2, 1]);
  expect(waiting.oldestSeconds).toBe(900);
});

test('jobs that a queue has handed out run, although they have not said so yet: the oldest', () => {
  const open = [
    jobs(10, { seconds: 5 }),
    jobs(2, { seconds: 60, estimateSeconds: 8 }),
    jobs(1, { running: true, seconds: 30 }),
  ];
  const queues = [depth(ENCODE_JOBS, 4), depth(HIGH, 9), depth('notifications', 50)];
  const { waiting, running } = backlog(open, queues);
  expect(waiting).toMatchObject({ jobs: 9, oldestSeconds: 5 });
  expect(waiting.groups).toEqual([{ queue: ENCODE_JOBS, jobs: 9, estimateSeconds: 5, seconds: 5 }]);
  expect(running.groups).toEqual([
    { queue: ENCODE_JOBS, jobs: 1, estimateSeconds: 5, seconds: 30 },
    { queue: ENCODE_JOBS, jobs: 2, estimateSeconds: 8, seconds: 0 },
    { queue: ENCODE_JOBS, jobs: 1, estimateSeconds: 5, seconds: 0 },
  ]);
});

test('a job that waits for its next try waits, but no worker could take it', () => {
  const { waiting } = backlog([jobs(3)], [depth(ENCODE_JOBS, 0, 2)]);
  expect(waiting.jobs).toBe(3);
  expect(waiting.groups.map((group) => group.jobs)).toEqual([1]);
});

test('a queue that has handed out more than there is leaves nothing waiting', () => {
  const { waiting, running } = backlog([jobs(2)], [depth(ENCODE_JOBS, 7)]);
  expect(waiting).toMatchObject({ jobs: 0, estimatedSeconds: 0, oldestSeconds: null });
  expect(running).toMatchObject({ jobs: 2, estimatedSeconds: 10 });
});

const anyJobs = fc.record({
  queue: fc.constantFrom(INGEST_JOBS, HIGH, ENCODE_JOBS, LOW),
  running: fc.boolean(),
  jobs: fc.integer({ min: 1, max: 1000 }),
  estimateSeconds: fc.option(fc.double({ min: 0, max: 1e5, noNaN: true })),
  seconds: fc.double({ min: 0, max: 1e5, noNaN: true }),
  oldestSeconds: fc.double({ min: 0, max: 1e5, noNaN: true }),
});
const anyDepth = fc.record({
  name: fc.constantFrom(INGEST_JOBS, HIGH, ENCODE_JOBS, LOW),
  waiting: fc.nat(2000),
  inFlight: fc.nat(2000),
  delayed: fc.nat(100),
});

test('every job either waits or runs, whatever the queues say', () => {
  void fc.assert(
    fc.property(fc.array(anyJobs), fc.array(anyDepth), (open, queues) => {
      const { waiting, running } = backlog(open, queues);
      const all = open.reduce((sum, group) => sum + group.jobs, 0);
      expect(waiting.jobs + running.jobs).toBe(all);
      expect(waiting.estimatedSeconds).toBeGreaterThanOrEqual(0);
      const grouped = waiting.groups.reduce((sum, group) => sum + group.jobs, 0);
      expect(grouped).toBeLessThanOrEqual(waiting.jobs);
      for (const group of [...waiting.groups, ...running.groups]) {
        expect(group.jobs).toBeGreaterThan(0);
      }
    }),
  );
});
