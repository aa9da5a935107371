import { expect, test } from '@jest/globals';
import type { Backlog, JobGroup } from '@spillway/contracts';
import { createLogger } from '@spillway/runtime';
import { Looker } from './sight.ts';

const log = createLogger('test', 'silent');
const group: JobGroup = { queue: 'encode-jobs', jobs: 3, estimateSeconds: 8, seconds: 1 };
const lane = (groups: JobGroup[]): Backlog['waiting'] => ({
  jobs: groups.reduce((sum, { jobs }) => sum + jobs, 0),
  estimatedSeconds: groups.reduce(
    (sum, { jobs, estimateSeconds }) => sum + jobs * estimateSeconds,
    0,
  ),
  oldestSeconds: null,
  groups,
});
const away = () => Promise.reject(new Error('away'));
const depth = async (queue: string) =>
  queue === 'encode-jobs' ? { waiting: 5, inFlight: 2 } : { waiting: 0, inFlight: 0 };

test('the backlog is what is seen while it can be had', async () => {
  const readBacklog = async () => ({ waiting: lane([group]), running: lane([]) });
  expect(await new Looker({ readBacklog, depth: away, log }).look()).toEqual({
    ...{ source: 'backlog', waiting: [group], running: [] },
  });
});

test('while it is away the queues are, and a job takes what jobs took before', async () => {
  let isAway = false;
  const readBacklog = async () =>
    isAway ? await away() : { waiting: lane([group]), running: lane([group]) };
  const looker = new Looker({ readBacklog, depth, log });
  await looker.look();
  isAway = true;
  expect(await looker.look()).toEqual({
    source: 'queues',
    waiting: [{ ...group, jobs: 5, seconds: expect.any(Number) }],
    running: [{ ...group, jobs: 2, seconds: 4 }],
  });
});

test('when both are away nothing is seen, rather than an old state', async () => {
  expect(await new Looker({ readBacklog: away, depth: away, log }).look()).toBeNull();
});
