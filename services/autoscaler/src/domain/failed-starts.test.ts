import { expect, test } from '@jest/globals';
import { FailedStarts } from './failed-starts.ts';

const listed = (state: 'starting' | 'ready' | 'failed', ids: readonly string[]) =>
  ids.map((id) => ({ id, state }));
const ready = (...ids: string[]) => listed('ready', ids);
const starting = (...ids: string[]) => listed('starting', ids);
const failed = (...ids: string[]) => listed('failed', ids);

/** One that has looked already, as after the first round. */
function watching(): FailedStarts {
  const watch = new FailedStarts();
  watch.see([], 0);
  return watch;
}

test('workers that start, work and leave make no pause', () => {
  const watch = watching();
  watch.launched(2);
  expect(watch.see(starting('a', 'b'), 0)).toBe(0);
  expect(watch.see(ready('a', 'b'), 45_000)).toBe(0);
  expect(watch.see(ready('a'), 90_000)).toBe(0);
  expect(watch.see([], 95_000)).toBe(0);
  expect(watch.pauseSeconds(95_000)).toBe(0);
});

test('a worker that finds nothing to do and leaves has not failed, however soon', () => {
  const watch = watching();
  watch.launched(2);
  expect(watch.see(starting('a', 'b'), 5_000)).toBe(0);
  expect(watch.see(ready('b'), 15_000)).toBe(0);
  expect(watch.see([], 20_000)).toBe(0);
  expect(watch.pauseSeconds(20_000)).toBe(0);
});

test('a worker may come and leave between two looks that are far apart, but not within seconds', () => {
  const watch = watching();
  watch.launched(1);
  expect(watch.see([], 10_000)).toBe(0);
  watch.launched(1);
  expect(watch.see([], 15_000)).toBe(1);
});

test('one that is never seen, or fails before it was ready, or right after, counts once', () => {
  const watch = watching();
  watch.launched(4);
  expect(watch.see([...starting('a', 'b'), ...failed('c')], 0)).toBe(2);
  expect(watch.see([...ready('b'), ...failed('a', 'c')], 1_000)).toBe(1);
  expect(watch.see(failed('a', 'c'), 2_000)).toBe(0);
  // Its end took a while.
  expect(watch.see(failed('a', 'b', 'c'), 30_000)).toBe(1);
  expect(watch.see(failed('a', 'b', 'c'), 31_000)).toBe(0);
});

test('one that is lost at its work has not failed at its start', () => {
  const watch = watching();
  watch.launched(1);
  watch.see(ready('a'), 0);
  watch.see(ready('a'), 15_000);
  expect(watch.see(failed('a'), 20_000)).toBe(0);
});

test('what a process before this one launched, or saw fail, does not count', () => {
  const watch = new FailedStarts();
  expect(watch.see([...ready('a'), ...failed('b')], 0)).toBe(0);
  expect(watch.see(failed('a', 'b'), 5_000)).toBe(0);
});

test('the pause doubles while they go on failing, up to five minutes', () => {
  const watch = watching();
  const pauses = [];
  let now = 0;
  for (let round = 0; round < 9; round += 1) {
    watch.launched(1);
    watch.see(failed(`worker-${round}`), now);
    const pause = watch.pauseSeconds(now);
    pauses.push(pause);
    expect(watch.pauseSeconds(now + pause * 1000)).toBe(0);
    now += pause * 1000;
  }
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
});

test('a worker that works ends the row', () => {
  const watch = watching();
  for (const now of [0, 10_000, 30_000]) {
    watch.launched(1);
    watch.see(failed(`at-${now}`), now);
  }
  expect(watch.pauseSeconds(30_000)).toBe(20);
  watch.see(ready('a'), 60_000);
  watch.see(ready('a'), 80_000);
  watch.see([...ready('a'), ...failed('b')], 90_000);
  expect(watch.pauseSeconds(90_000)).toBe(5);
});

test('a worker that is listed under another name has not failed', () => {
  const watch = watching();
  watch.launched(1);
  expect(watch.see(starting('wanted-0'), 0)).toBe(0);
  expect(watch.see(starting('job-7'), 5_000)).toBe(0);
  // The name of one that is wanted comes again.
  watch.launched(1);
  expect(watch.see(starting('job-7', 'wanted-0'), 10_000)).toBe(0);
});
