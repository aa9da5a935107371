import { expect, test } from '@jest/globals';
import type { Job } from '@spillway/contracts';
import { createLogger } from '@spillway/runtime';
import type { Estimates } from '../domain/estimates.ts';
import { acceptOrder, succeeded } from '../testing/orders.ts';
import type { EstimateStore } from './ports.ts';
import { startWorkEstimates } from './work-estimates.ts';

const log = createLogger('test', 'silent');

function keptStore(kept = new Map<string, number>()) {
  const store: EstimateStore & { kept: Map<string, number>; isAway: boolean } = {
    kept,
    isAway: false,
    readEstimates: async () => new Map(kept),
    async saveEstimates(estimates: Estimates) {
      if (store.isAway) throw new Error('no connection');
      for (const [key, seconds] of estimates) kept.set(key, seconds);
    },
  };
  return store;
}

const accepted = acceptOrder({ source: { url: 'file:///a.mp4' } });
const told = succeeded(accepted.jobs[0] as Job);

test('what is learned survives the process, and others learn of it', async () => {
  const store = keptStore();
  const estimates = startWorkEstimates(store, log);
  await estimates.ready;
  estimates.learn(accepted.state, told);
  expect(estimates.current().get('prepare/veryfast')).toBe(told.cpuSeconds);
  await estimates.stop();
  const next = startWorkEstimates(store, log);
  await next.ready;
  expect(next.current().get('prepare/veryfast')).toBe(told.cpuSeconds);
  await next.stop();
});

test('what could not be saved is not forgotten', async () => {
  const store = keptStore();
  store.isAway = true;
  const estimates = startWorkEstimates(store, log);
  estimates.learn(accepted.state, told);
  await estimates.save();
  expect(estimates.current().get('prepare/veryfast')).toBe(told.cpuSeconds);
  store.isAway = false;
  await estimates.stop();
  expect(store.kept.get('prepare/veryfast')).toBe(told.cpuSeconds);
});
