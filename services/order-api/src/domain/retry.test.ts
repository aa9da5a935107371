import { describe, expect, test } from '@jest/globals';
import { attemptPrefix, type Job, newAttemptId } from '@spillway/contracts';
import { AT, failed, progressed, succeeded, TIMEOUT } from '../testing/orders.ts';
import { fileOrder, only, planned, result, step, types } from '../testing/steps.ts';
import { earlySoundOf } from './early-stream.ts';
import type { OrderState } from './order.ts';
import type { Step } from './reduce.ts';

describe('retry', () => {
  const retry = (state: OrderState): Step => step(state, { type: 'retry' });

  test('sends again what failed or was dropped, in a new run, and keeps what succeeded', () => {
    const { state, jobs } = planned(3, false);
    const [first, second, third] = jobs as [Job, Job, Job];
    const kept = result(state, succeeded(first));
    const over = result(kept.state, failed(second));
    const again = retry(over.state);
    expect(again.jobs.map(({ jobId, run }) => [jobId, run])).toEqual([
      [second.jobId, 1],
      [third.jobId, 1],
    ]);
    expect(types(again)).toEqual(['order.running']);
    expect(again.state).toMatchObject({ error: null, endedAt: null, retriedAt: AT, run: 1 });
    expect(again.state.sequence).toBe(over.state.sequence + 1);
    expect(retry(again.state).state).toBe(again.state);
    let last = again;
    for (const job of again.jobs) last = result(last.state, succeeded(job));
    expect(only(last.jobs)).toMatchObject({ kind: 'package', chunkPrefixes: { length: 3 } });
  });

  test('begins a queued order once more when none of it was done', () => {
    const accepted = fileOrder();
    const again = retry(step(accepted.state, TIMEOUT).state);
    expect(types(again)).toEqual(['order.queued']);
    expect(only(again.jobs)).toEqual({ ...only(accepted.jobs), run: 1 });
  });

  test('takes nothing of an earlier run: its files may be gone', () => {
    const accepted = fileOrder();
    const early = succeeded(only(accepted.jobs));
    const again = retry(step(accepted.state, { type: 'cancel' }).state);
    const late = result(again.state, early);
    expect(late).toMatchObject({
      state: again.state,
      ignored: expect.stringMatching(/earlier run/),
    });
    expect(late.garbage).toEqual([attemptPrefix(again.state.id, 'prepare', 0, early.attemptId)]);
    expect(result(again.state, succeeded(only(again.jobs))).state.status).toBe('completed');
  });

  test('plays no sound of an earlier run', () => {
    const { state, jobs } = planned(2);
    const audio = jobs[1] as Job;
    const told = result(state, progressed(audio, 0.5, newAttemptId(), 9));
    expect(earlySoundOf(told.state)?.segments).toBe(9);
    const again = retry(step(told.state, { type: 'cancel' }).state);
    expect(earlySoundOf(again.state)).toBeNull();
  });

  test('of an order that is open or has completed changes nothing', () => {
    const accepted = fileOrder();
    expect(retry(accepted.state).state).toBe(accepted.state);
    const done = result(accepted.state, succeeded(only(accepted.jobs)));
    expect(retry(done.state).state).toBe(done.state);
  });
});
