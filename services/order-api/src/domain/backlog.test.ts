import { expect, test } from '@jest/globals';
import { backlogOf, noJobs } from './backlog.ts';

const AT = '2026-11-23T05:00:00.000Z';
const queue = (name: string, inFlight: number) => ({ name, waiting: 0, inFlight, delayed: 0 });

test('nothing to do is no jobs and no age', () => {
  const backlog = backlogOf({ pending: noJobs, running: noJobs }, [], AT);
  expect(backlog.waiting).toEqual({ jobs: 0, estimatedSeconds: 0, oldestSeconds: null });
  expect(backlog.running).toEqual(backlog.waiting);
});

test('jobs without an estimate count with the mean of those that have one', () => {
  const pending = { jobs: 4, estimatedSeconds: 20, jobsWithEstimate: 2, oldestSeconds: 9 };
  const running = { jobs: 2, estimatedSeconds: 40, jobsWithEstimate: 1, oldestSeconds: 30 };
  const backlog = backlogOf({ pending, running }, [], AT);
  expect(backlog.waiting).toEqual({ jobs: 4, estimatedSeconds: 60, oldestSeconds: 9 });
  expect(backlog.running).toEqual({ jobs: 2, estimatedSeconds: 60, oldestSeconds: 30 });
});

test('jobs that a queue has handed out run, although they have not said so yet', () => {
  const pending = { jobs: 10, estimatedSeconds: 50, jobsWithEstimate: 10, oldestSeconds: 9 };
  const running = { jobs: 1, estimatedSeconds: 5, jobsWithEstimate: 1, oldestSeconds: 30 };
  const inFlight = { 'encode-jobs-high': 1, 'encode-jobs': 1, 'ingest-jobs': 1, notifications: 50 };
  const queues = Object.entries(inFlight).map(([name, count]) => queue(name, count));
  const backlog = backlogOf({ pending, running }, queues, AT);
  expect(backlog.waiting).toEqual({ jobs: 8, estimatedSeconds: 40, oldestSeconds: 9 });
  expect(backlog.running).toEqual({ jobs: 3, estimatedSeconds: 15, oldestSeconds: 30 });
});

test('a queue that has handed out more than there is leaves nothing waiting', () => {
  const pending = { jobs: 2, estimatedSeconds: 4, jobsWithEstimate: 2, oldestSeconds: 1 };
  const backlog = backlogOf({ pending, running: noJobs }, [queue('encode-jobs', 7)], AT);
  expect(backlog.waiting).toEqual({ jobs: 0, estimatedSeconds: 0, oldestSeconds: null });
  expect(backlog.running).toEqual({ jobs: 2, estimatedSeconds: 4, oldestSeconds: 1 });
});

test('when all that is pending runs already nothing waits, whatever rounding makes of the rest', () => {
  const estimatedSeconds = (43 * 0.123) / 7;
  expect(estimatedSeconds - (estimatedSeconds * 43) / 43).toBeLessThan(0);
  const pending = { jobs: 43, estimatedSeconds, jobsWithEstimate: 43, oldestSeconds: 1 };
  const backlog = backlogOf({ pending, running: noJobs }, [queue('encode-jobs', 43)], AT);
  expect(backlog.waiting).toEqual({ jobs: 0, estimatedSeconds: 0, oldestSeconds: null });
});
