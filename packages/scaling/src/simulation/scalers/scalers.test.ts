import { expect, test } from '@jest/globals';
import type { Decision, Scaler, ScalerFactory, ScalerSettings, View } from '../scaler.ts';
import { cdkSteps, targetTracking } from './cloud-watch.ts';
import { kedaScaledJob } from './keda-scaled-job.ts';
import { kedaScaledObject } from './keda-scaled-object.ts';

const settings: ScalerSettings = {
  maxWorkers: 100,
  lanesPerWorker: 1,
  waitTargetSeconds: 120,
  startSeconds: 45,
  meanJobSeconds: 60,
};

const empty: View = {
  now: 0,
  visible: 0,
  inFlight: 0,
  waiting: () => [],
  running: () => [],
  ready: 0,
  starting: [],
  busyShare: 0,
};

/** Asks an algorithm tick by tick; what it decides becomes ready at once. */
function play(factory: ScalerFactory) {
  const scaler: Scaler = factory(settings);
  let now = 0;
  let ready = scaler.minWorkers;
  return (view: Partial<View>, ticks = 1): number[] =>
    Array.from({ length: ticks }, () => {
      const decision: Decision = scaler.decide({ ...empty, ready, now, ...view });
      now += scaler.everySeconds;
      ready = 'workers' in decision ? decision.workers : ready + decision.launch;
      return ready;
    });
}

test('a ScaledObject doubles up to its limit, four at least, and waits 300 s before it takes anything back', () => {
  const tick = play(kedaScaledObject(1));
  expect(tick({ visible: 1000 }, 6)).toEqual([4, 8, 16, 32, 64, 100]);
  const quiet = tick({ inFlight: 10 }, 22);
  expect(quiet.slice(0, 20)).toEqual(Array(20).fill(100));
  expect(quiet.at(-1)).toBe(10);
});

test('a ScaledObject counts five messages in flight as a pod, and a tenth off the target as none', () => {
  const tick = play(kedaScaledObject(5));
  expect(tick({ visible: 20 }, 2)).toEqual([4, 4]);
  expect(tick({ visible: 10, inFlight: 11 })).toEqual([4]);
  expect(tick({ visible: 10, inFlight: 13 })).toEqual([5]);
});

test('a ScaledObject goes to zero when nothing was there for its cooldown, by KEDA and not by the HPA', () => {
  const tick = play(kedaScaledObject(1));
  tick({ visible: 3 }, 2);
  const idle = tick({}, 50);
  const zeroAt = idle.indexOf(0);
  expect(idle[zeroAt - 1]).toBeGreaterThan(0);
  expect(zeroAt * 15).toBeGreaterThanOrEqual(300 - 30);
  expect(idle.slice(zeroAt).every((replicas) => replicas === 0)).toBe(true);
});

test('a ScaledJob of the default strategy subtracts what is not finished, the accurate one what is pending', () => {
  const launched = (strategy: 'default' | 'accurate', view: Partial<View>) =>
    kedaScaledJob(strategy)(settings).decide({ ...empty, ...view });
  const view = { visible: 10, inFlight: 4, ready: 4, starting: [1, 2, 3] };
  expect(launched('default', view)).toEqual({ launch: 7 });
  expect(launched('accurate', view)).toEqual({ launch: 7 });
  expect(launched('accurate', { ...view, inFlight: 0 })).toEqual({ launch: 7 });
  expect(launched('default', { ...view, inFlight: 0 })).toEqual({ launch: 3 });
  expect(launched('accurate', { visible: 500, ready: 90, starting: [1] })).toEqual({ launch: 9 });
  expect(launched('accurate', { visible: 2, ready: 1, starting: [1, 2, 3] })).toEqual({
    launch: 0,
  });
});

test('target tracking goes out at the third point above its target', () => {
  // The target is 120 s / 60 s: two messages a task.
  const tick = play(targetTracking);
  expect(tick({ visible: 40 }, 4)).toEqual([1, 1, 20, 20]);
});

test('target tracking comes in at the fifteenth point below, and never by missing points', () => {
  const tick = play(targetTracking);
  tick({ visible: 40 }, 3);
  expect(tick({ visible: 0, ready: 0 }, 30).at(-1)).toBe(20);
  const quiet = tick({ visible: 20 }, 15);
  expect(quiet[13]).toBe(20);
  expect(quiet[14]).toBe(10);
});

test('CDK adds five tasks a cooldown at 500 messages, one at 100, and none between', () => {
  const idleCpu = { busyShare: 0.4 };
  const tick = play(cdkSteps);
  expect(tick({ visible: 600, ...idleCpu }, 5)).toEqual([6, 6, 6, 6, 6]);
  expect(tick({ visible: 600, ...idleCpu })).toEqual([11]);
  expect(play(cdkSteps)({ visible: 150, ...idleCpu }, 6)).toEqual([2, 2, 2, 2, 2, 3]);
  expect(play(cdkSteps)({ visible: 99, ...idleCpu }, 6)).toEqual([1, 1, 1, 1, 1, 1]);
});

test('CDK takes a task away only when no message was visible for five minutes', () => {
  const idleCpu = { busyShare: 0.45 };
  const tick = play(cdkSteps);
  tick({ visible: 600, ...idleCpu });
  const seen = tick({ visible: 0, ...idleCpu }, 12);
  expect(seen.slice(0, 4)).toEqual([6, 6, 6, 6]);
  expect(Math.min(...seen)).toBe(4);
});

test('CDK doubles by its CPU target when all tasks work', () => {
  expect(play(cdkSteps)({ visible: 50, busyShare: 1 }, 3)).toEqual([1, 1, 2]);
});
