import { expect, test } from '@jest/globals';
import { FailedStarts } from './failed-starts.ts';

const ready = (...ids: string[]) => ids.map((id) => ({ id, state: 'ready' as const }));
const starting = (...ids: string[]) => ids.map((id) => ({ id, state: 'starting' as const }));

test('workers that start, work and leave make no pause', () => {
  const watch = new FailedStarts();
  watch.launched(2);
  expect(watch.see(starting('a', 'b'), 0)).toBe(0);
  expect(watch.see(ready('a', 'b'), 45_000)).toBe(0);
  expect(watch.see(ready('a'), 90_000)).toBe(0);
  expect(watch.see([], 95_000)).toBe(0);
  expect(watch.pauseSeconds(95_000)).toBe(0);
});

test('one that is never seen, or ends before it was ready, or right after, has failed', () => {
  const watch = new FailedStarts();
  watch.launched(3);
  expect(watch.see(starting('a', 'b'), 0)).toBe(1);
  expect(watch.see(ready('b'), 1_000)).toBe(1);
  expect(watch.see([], 2_000)).toBe(1);
});

test('the pause doubles while they go on failing, up to five minutes', () => {
  const watch = new FailedStarts();
  const pauses = [];
  let now = 0;
  for (let round = 0; round < 9; round += 1) {
    watch.launched(1);
    watch.see([], now);
    const pause = watch.pauseSeconds(now);
    pauses.push(pause);
    expect(watch.pauseSeconds(now + pause * 1000)).toBe(0);
    now += pause * 1000;
  }
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
});

test('a worker that works ends the row', () => {
  const watch = new FailedStarts();
  for (const now of [0, 10_000, 30_000]) {
    watch.launched(1);
    watch.see([], now);
  }
  expect(watch.pauseSeconds(30_000)).toBe(20);
  watch.see(ready('a'), 60_000);
  watch.see(ready('a'), 80_000);
  watch.launched(1);
  watch.see(ready('a'), 90_000);
  expect(watch.pauseSeconds(90_000)).toBe(5);
});

test('a worker that is listed under another name has not failed', () => {
  const watch = new FailedStarts();
  watch.see(starting('wanted-0'), 0);
  expect(watch.see(starting('job-7'), 5_000)).toBe(0);
});
