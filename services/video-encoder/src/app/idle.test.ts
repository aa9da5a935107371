import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { type IdleLimits, IdleTimer } from './idle.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000);

function watch(limits: Partial<IdleLimits> = {}) {
  const timer = new IdleTimer({ idleSeconds: 20, leastLifeSeconds: 0, ...limits });
  let isIdle = false;
  void timer.isIdle.then(() => {
    isIdle = true;
  });
  return { timer, isIdle: () => isIdle };
}

test('a worker that never gets a job is idle from its start', async () => {
  const { isIdle } = watch();
  await pass(19);
  expect(isIdle()).toBe(false);
  await pass(1);
  expect(isIdle()).toBe(true);
});

test('a worker with a job in hand is not idle, however long that takes', async () => {
  const { timer, isIdle } = watch();
  const job = Promise.withResolvers<void>();
  const done = timer.during(() => job.promise);
  await pass(3600);
  expect(isIdle()).toBe(false);
  job.resolve();
  await done;
  await pass(19);
  expect(isIdle()).toBe(false);
  await pass(1);
  expect(isIdle()).toBe(true);
});

test('of several jobs the last one to end counts, also one that fails', async () => {
  const { timer, isIdle } = watch();
  const jobs = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const first = timer.during(() => jobs[0].promise);
  const second = timer.during(() => jobs[1].promise);
  jobs[0].resolve();
  await first;
  await pass(60);
  expect(isIdle()).toBe(false);
  jobs[1].reject(new Error('no'));
  await expect(second).rejects.toThrow('no');
  await pass(20);
  expect(isIdle()).toBe(true);
});

test('a worker does not leave before its least life', async () => {
  const { timer, isIdle } = watch({ leastLifeSeconds: 60 });
  await pass(10);
  await timer.during(async () => {});
  await pass(49);
  expect(isIdle()).toBe(false);
  await pass(1);
  expect(isIdle()).toBe(true);
});

test('a worker that was stopped does not leave as well', async () => {
  const { timer, isIdle } = watch();
  const job = Promise.withResolvers<void>();
  const done = timer.during(() => job.promise);
  timer.stop();
  job.resolve();
  await done;
  await pass(60);
  expect(isIdle()).toBe(false);
  expect(jest.getTimerCount()).toBe(0);
});
