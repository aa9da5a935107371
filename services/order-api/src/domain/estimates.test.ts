import { expect, test } from '@jest/globals';
import { type EncodePlan, type Job, newAttemptId, Outputs } from '@spillway/contracts';
import { sampleMedia } from '@spillway/contracts/testing';
import { AT, acceptOrder, addressesOf, planOfChunks, succeeded } from '../testing/orders.ts';
import { type Estimates, estimateSeconds, learned, nothingLearned } from './estimates.ts';
import type { OrderState } from './order.ts';
import { accept, reduce } from './reduce.ts';

const CHUNK_FRAMES = 96;

/** An order in two chunks and sound, and the jobs as they were sent. */
function planned(
  estimates: Estimates,
  { height = 240, ...changes }: Partial<EncodePlan> & { height?: number } = {},
): { state: OrderState; jobs: readonly Job[] } {
  const accepted = acceptOrder({ source: { url: 'file:///a.mp4' } });
  const plan = { ...planOfChunks(2), ...changes };
  const video = { ...sampleMedia.video, height, width: height * 2 };
  const audio = {
    ...{ streamIndex: 1, codec: 'aac', channels: 2, sampleRate: 48_000 },
    ...{ startSeconds: 0, endSeconds: 2, language: null },
  };
  const media = { ...sampleMedia, video, audio, durationSeconds: 8 };
  const told = succeeded(accepted.jobs[0] as Job, { plan: { ...plan, media } });
  return reduce(accepted.state, { type: 'result', result: told }, AT, addressesOf, estimates);
}

const secondsOf = (jobs: readonly Job[]) => jobs.map(({ estimateSeconds: seconds }) => seconds);

test('before anything was measured, chunks go by the plan and the rest is not known', () => {
  const guess = CHUNK_FRAMES * planOfChunks(2).coreSecondsPerFrame;
  expect(secondsOf(planned(nothingLearned).jobs)).toEqual([guess, null, guess]);
});

test('a result is what the next jobs of such a source are thought to take, by their frames', () => {
  const { state, jobs } = planned(nothingLearned);
  const [chunk, audio] = jobs as [Job, Job];
  const estimates = new Map([
    learned(nothingLearned, state, { ...succeeded(chunk), cpuSeconds: 48 }),
    learned(nothingLearned, state, { ...succeeded(audio), cpuSeconds: 2 }),
  ]);
  expect(secondsOf(planned(estimates).jobs)).toEqual([48, 2, 48]);
  // Another size is other work.
  expect(secondsOf(planned(estimates, { height: 2160 }).jobs)[0]).not.toBe(48);
  expect(estimateSeconds(estimates, state, { kind: 'prepare', index: 1 })).toBe(2 * 48);
});

test('the estimate follows the results, and one of them does not throw it far', () => {
  const { state, jobs } = planned(nothingLearned);
  const estimates = new Map<string, number>();
  const take = (cpuSeconds: number) => {
    const [key, value] = learned(estimates, state, {
      ...succeeded(jobs[0] as Job, { attemptId: newAttemptId() }),
      cpuSeconds,
    });
    estimates.set(key, value);
    return estimateSeconds(estimates, state, { kind: 'encode-chunk', index: 0 });
  };
  take(10);
  expect(take(60)).toBeCloseTo(20, 6);
  for (let count = 0; count < 30; count++) take(60);
  expect(take(60)).toBeCloseTo(60, 1);
});

test('another speed or a much larger ladder is other work, and a similar one goes by its pixels', () => {
  const { state, jobs } = planned(nothingLearned);
  const estimates = new Map([
    learned(nothingLearned, state, { ...succeeded(jobs[0] as Job), cpuSeconds: 48 }),
  ]);
  const perFrame = planOfChunks(2).coreSecondsPerFrame;
  const chunkOf = (changes: Partial<EncodePlan>) => secondsOf(planned(estimates, changes).jobs)[0];
  expect(chunkOf({ coreSecondsPerFrame: perFrame * 1.1 })).toBeCloseTo(48 * 1.1, 6);
  expect(chunkOf({ coreSecondsPerFrame: perFrame * 8 })).toBe(CHUNK_FRAMES * perFrame * 8);
  expect(chunkOf({ speed: 'slow' })).toBe(CHUNK_FRAMES * perFrame);
});

test('what short orders of one speed took is not said of another', () => {
  const slow = acceptOrder({
    source: { url: 'file:///a.mp4' },
    outputs: Outputs.parse({ speed: 'slow' }),
  });
  const told = { ...succeeded(slow.jobs[0] as Job), cpuSeconds: 30 };
  const estimates = new Map([learned(nothingLearned, slow.state, told)]);
  const prepare = { kind: 'prepare', index: 0 } as const;
  expect(estimateSeconds(estimates, slow.state, prepare)).toBe(30);
  expect(estimateSeconds(estimates, acceptOrder().state, prepare)).toBeNull();
});

test('sound teaches its cost a second, although the source says that it has no length', () => {
  const { state, jobs } = planned(nothingLearned);
  const job = state.jobs['prepare/0'];
  if (job?.outcome?.kind !== 'plan') throw new Error('there is no plan');
  const { plan } = job.outcome;
  const media = { ...plan.media, durationSeconds: 0 };
  const outcome = { ...job.outcome, plan: { ...plan, media } };
  const unknown = { ...state, jobs: { ...state.jobs, 'prepare/0': { ...job, outcome } } };
  const result = { ...succeeded(jobs[1] as Job), cpuSeconds: 4 };
  expect(learned(nothingLearned, unknown, result)).toEqual(['sound/aac/2', 0.5]);
});

test('a download is what it took by the clock, and a first job has an estimate too', () => {
  const accepted = acceptOrder();
  const told = succeeded(accepted.jobs[0] as Job);
  const later = new Date(Date.parse(told.startedAt) + 7000).toISOString();
  const estimates = new Map([
    learned(nothingLearned, accepted.state, { ...told, endedAt: later, cpuSeconds: 0 }),
  ]);
  const { id, customerId, request } = accepted.state;
  const next = accept({ id, customerId, request }, AT, addressesOf, estimates);
  expect(secondsOf(next.jobs)).toEqual([7]);
  expect(next.state.jobs['ingest/0']?.estimateSeconds).toBe(7);
  expect(estimateSeconds(estimates, next.state, { kind: 'ingest', index: 1 })).toBeNull();
});
