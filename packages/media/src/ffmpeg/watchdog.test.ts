import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Watchdog, waitedForProcessorMs } from './watchdog.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** `waitedPerSecond`: of each second, so many ms for a processor. */
function watch(waitedPerSecond: () => number) {
  const watched = { waitedMs: 0, stalls: 0 };
  const watchdog = new Watchdog({
    stallSeconds: 60,
    waitedMs: () => watched.waitedMs,
    onStall: () => {
      watched.stalls += 1;
    },
  });
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      watched.waitedMs += waitedPerSecond();
      jest.advanceTimersByTime(1000);
    }
  };
  return { watchdog, watched, pass };
}

test('a program that makes no progress for its time is ended once', () => {
  const { watched, watchdog, pass } = watch(() => 0);
  pass(59);
  expect(watched.stalls).toBe(0);
  pass(120);
  expect(watched.stalls).toBe(1);
  expect(watchdog.stalled).toBe(true);
});

test('progress begins the time again', () => {
  const { watched, watchdog, pass } = watch(() => 0);
  for (let n = 0; n < 5; n++) {
    pass(59);
    watchdog.progress();
  }
  expect(watched.stalls).toBe(0);
});

test('one that waits for a processor is not ended before it got one and did nothing with it', () => {
  let waits = 990;
  const { watched, pass } = watch(() => waits);
  pass(600);
  expect(watched.stalls).toBe(0);
  waits = 100;
  pass(60);
  expect(watched.stalls).toBe(1);
});

test('what a process waited for a processor grows, and is 0 of one that there is not', () => {
  expect(waitedForProcessorMs(2 ** 30)).toBe(0);
  const before = waitedForProcessorMs(process.pid);
  expect(before).toBeGreaterThanOrEqual(0);
  expect(waitedForProcessorMs(process.pid)).toBeGreaterThanOrEqual(before);
});
