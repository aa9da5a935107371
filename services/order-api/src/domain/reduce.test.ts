import { describe, expect, test } from '@jest/globals';
import { attemptPrefix, type Job, newAttemptId, newOrderId } from '@spillway/contracts';
import {
  AT,
  acceptOrder,
  addressesOf,
  failed,
  outputAt,
  PUBLIC_URL,
  progressed,
  succeeded,
  TIMEOUT,
  unfit,
} from '../testing/orders.ts';
import { fileOrder, only, planned, result, step, types } from '../testing/steps.ts';
import { MOST_FOREIGN_BUILDS } from './after-result.ts';
import { type Input, MOST_TIMES_LOST } from './changes.ts';
import { outputOf } from './order.ts';
import { orderView } from './snapshot.ts';

describe('a new order', () => {
  test('of an address begins with ingest', () => {
    const { state, jobs, events } = acceptOrder();
    expect(state).toMatchObject({ status: 'queued', stage: 'ingest', sequence: 1 });
    expect(only(jobs)).toMatchObject({
      kind: 'ingest',
      jobId: `${state.id}/ingest/0`,
      url: 'https://media.example.com/holiday.mp4',
    });
    expect(only(events)).toMatchObject({ type: 'order.queued', sequence: 1 });
  });

  test('of a local file begins with prepare, its path decoded', () => {
    expect(only(fileOrder().jobs)).toMatchObject({
      kind: 'prepare',
      source: { from: 'file', path: '/films/a b.mp4' },
    });
  });
});

describe('a short order', () => {
  test('goes from queued to completed without a progress message', () => {
    const accepted = fileOrder();
    const done = result(accepted.state, succeeded(only(accepted.jobs)));
    expect(types(done)).toEqual(['order.completed']);
    expect(done.jobs).toEqual([]);
    const view = orderView(done.state, addressesOf(done.state, AT));
    expect(view).toMatchObject({ status: 'completed', progress: 1, playableAt: AT, endedAt: AT });
    expect(view.playback).toMatchObject({
      ready: true,
      hlsUrl: `${PUBLIC_URL}/v1/orders/${done.state.id}/playback/master.m3u8`,
    });
  });

  test('of an address runs once its source is there', () => {
    const accepted = acceptOrder();
    const attemptId = newAttemptId();
    const ingested = result(accepted.state, succeeded(only(accepted.jobs), { attemptId }));
    expect(types(ingested)).toEqual(['order.running']);
    expect(ingested.state).toMatchObject({ stage: 'prepare', progress: 0.1, startedAt: AT });
    expect(only(ingested.jobs)).toMatchObject({
      kind: 'prepare',
      source: { key: `${attemptPrefix(accepted.state.id, 'ingest', 0, attemptId)}source` },
    });
  });
});

describe('progress', () => {
  test('makes a queued order run, and is told in steps of a hundredth', () => {
    const accepted = fileOrder();
    const job = only(accepted.jobs);
    const attemptId = newAttemptId();
    const running = result(accepted.state, progressed(job, 0.2, attemptId));
    expect(types(running)).toEqual(['order.running']);
    const small = result(running.state, progressed(job, 0.205, attemptId));
    expect(small.events).toEqual([]);
    const more = result(small.state, progressed(job, 0.3, attemptId));
    expect(types(more)).toEqual(['order.progress']);
    expect(more.state.progress).toBe(0.3);
  });

  test('of a second attempt never takes the order back', () => {
    const accepted = fileOrder();
    const job = only(accepted.jobs);
    const first = result(accepted.state, progressed(job, 0.8));
    const second = result(first.state, progressed(job, 0.1));
    expect(second.events).toEqual([]);
    expect(second.state.progress).toBe(0.8);
  });
});

describe('a planned order', () => {
  test('sends its first chunk, then its sound, then the chunks in the order of the film', () => {
    const { jobs, state } = planned(3);
    expect(jobs.map(({ jobId }) => jobId.slice(state.id.length + 1))).toEqual([
      'encode-chunk/0',
      'encode-audio/0',
      'encode-chunk/1',
      'encode-chunk/2',
    ]);
    expect(jobs[2]).toMatchObject({ index: 1, plan: { chunkFrames: 96 }, run: 0 });
  });

  test('packages once all are encoded, in the order of the film', () => {
    let { state, jobs } = planned(3);
    const [first, audio, second, third] = jobs as [Job, Job, Job, Job];
    const attempts = [third, audio, first, second].map((job, place) => {
      if (place > 0) expect(jobs).toEqual([]);
      const attemptId = newAttemptId();
      ({ state, jobs } = result(state, succeeded(job, { attemptId })));
      return attemptPrefix(state.id, job.kind, job.index, attemptId);
    });
    const [thirdPrefix, audioPrefix, firstPrefix, secondPrefix] = attempts;
    expect(only(jobs)).toMatchObject({
      kind: 'package',
      chunkPrefixes: [firstPrefix, secondPrefix, thirdPrefix],
      audioPrefix,
    });
    expect(result(state, succeeded(only(jobs))).state.status).toBe('completed');
  });

  test('without sound packages after its last chunk', () => {
    const { state, jobs } = planned(1, false);
    expect(only(result(state, succeeded(only(jobs))).jobs)).toMatchObject({
      kind: 'package',
      audioPrefix: null,
    });
  });
});

describe('the ffmpeg build of an order', () => {
  const build = 'ffmpeg version 8';

  test('is fixed by its first chunk; another one is dropped, and its job is sent again', () => {
    const { state, jobs } = planned(2, false);
    const [first, second] = jobs as [Job, Job];
    const fixed = result(state, succeeded(first));
    const told = succeeded(second, { build });
    const foreign = result(fixed.state, told);
    expect(only(foreign.jobs).jobId).toBe(second.jobId);
    expect(foreign.garbage).toEqual([attemptPrefix(state.id, 'encode-chunk', 1, told.attemptId)]);
    const again = result(foreign.state, told);
    expect(again).toMatchObject({ state: foreign.state, jobs: [], events: [] });
  });

  test('changes, and all chunks are made again, when only other builds answer', () => {
    const { state, jobs } = planned(2, false);
    const [first, second] = jobs as [Job, Job];
    const old = succeeded(first);
    let last = result(state, old);
    for (let count = 0; count < MOST_FOREIGN_BUILDS; count++) {
      last = result(last.state, succeeded(second, { build }));
    }
    expect(last.jobs.map(({ jobId }) => jobId).sort()).toEqual([first.jobId, second.jobId]);
    expect(last.garbage).toContain(attemptPrefix(state.id, 'encode-chunk', 0, old.attemptId));
    expect(result(last.state, old).ignored).toBe('the attempt has ended');
    const winner = succeeded(first, { build });
    const renewed = result(last.state, winner);
    expect(renewed.state.ffmpegBuild).toBe(build);
    expect(result(renewed.state, winner).garbage).toEqual([]);
  });

  test('begins again, and a chunk that came too late before does not win now: its files are gone', () => {
    const { state, jobs } = planned(2, false);
    const [first, second] = jobs as [Job, Job];
    const late = succeeded(first);
    let last = result(result(state, succeeded(first)).state, late);
    expect(last.garbage).toEqual([attemptPrefix(state.id, 'encode-chunk', 0, late.attemptId)]);
    expect(result(last.state, late).ignored).toBe('the job has ended');
    for (let count = 0; count < MOST_FOREIGN_BUILDS; count++) {
      last = result(last.state, succeeded(second, { build }));
    }
    expect(last.state.jobs['encode-chunk/0']?.status).toBe('pending');
    expect(result(last.state, late)).toMatchObject({ ignored: 'the attempt has ended', jobs: [] });
  });
});

test('chunks that do not fit together: the source is encoded whole, and the order says why', () => {
  let { state, jobs } = planned(1, false);
  ({ state, jobs } = result(state, succeeded(only(jobs))));
  const unfitted = result(state, unfit(only(jobs)));
  const again = only(unfitted.jobs);
  expect(again).toMatchObject({ kind: 'prepare', index: 1, whole: true });
  expect(unfitted.state.warnings.join()).toMatch(/whole.*Chunk 1 begins elsewhere/);
  const winner = newAttemptId();
  const done = result(unfitted.state, succeeded(again, { attemptId: winner }));
  expect(done.state.status).toBe('completed');
  expect(outputOf(done.state)?.prefix).toBe(attemptPrefix(state.id, 'prepare', 1, winner));
  const planAgain = { ...succeeded(again), outcome: state.jobs['prepare/0']?.outcome };
  expect(result(unfitted.state, planAgain as never).ignored).toMatch(/not one of that job/);
});

describe('a result that changes nothing', () => {
  test.each<[string, (job: Job) => Parameters<typeof result>[1]]>([
    ['of another order', (job) => succeeded({ ...job, orderId: newOrderId() })],
    ['of a job that the order does not have', (job) => succeeded({ ...job, index: 7 })],
    ['of another kind than its job', (job) => ({ ...succeeded(job), jobId: `${job.orderId}/x/0` })],
    ['with an attempt id that is a path', (job) => succeeded(job, { attemptId: '../../x' })],
    [
      'that names files of another order',
      (job) => {
        const output = outputAt('orders/o/');
        return { ...succeeded(job), outcome: { kind: 'prepare', output, warnings: [] } };
      },
    ],
  ])('%s', (_, make) => {
    const accepted = fileOrder();
    const after = result(accepted.state, make(only(accepted.jobs)));
    expect(after.state).toBe(accepted.state);
    expect(after).toMatchObject({ jobs: [], events: [] });
    expect(after.ignored).not.toBeNull();
  });

  test('comes late: its files are named for collection', () => {
    const accepted = fileOrder();
    const job = only(accepted.jobs);
    const done = result(accepted.state, succeeded(job));
    const late = succeeded(job);
    const after = result(done.state, late);
    expect(after.state).toBe(done.state);
    expect(after.garbage).toEqual([attemptPrefix(job.orderId, 'prepare', 0, late.attemptId)]);
  });

  test('is the winner told twice: its files stay', () => {
    const accepted = fileOrder();
    const winner = succeeded(only(accepted.jobs));
    const done = result(accepted.state, winner);
    expect(result(done.state, winner)).toMatchObject({ state: done.state, garbage: [] });
  });
});

describe('the ends of an order', () => {
  test('a failure ends it at once with its typed error', () => {
    const { state, jobs } = planned(2);
    const after = result(state, failed(jobs[0] as Job));
    expect(after.state).toMatchObject({ status: 'failed', error: { code: 'source_not_media' } });
    expect(types(after)).toEqual(['order.failed']);
    expect(after.stopsWork).toBe(true);
    expect(after.state.jobs['encode-chunk/1']?.status).toBe('dropped');
  });

  test.each([
    ['canceled', { type: 'cancel' }],
    ['timed_out', TIMEOUT],
  ] as const)('ends as %s, without an error', (status, input) => {
    const accepted = fileOrder();
    const after = step(accepted.state, input);
    expect(after.state).toMatchObject({ status, error: null, endedAt: AT });
    expect(types(after)).toEqual([`order.${status}`]);
    expect(orderView(after.state, addressesOf(after.state, AT)).playback).toBeNull();
    expect(step(after.state, input).state).toBe(after.state);
  });

  test('is not timed out when it was begun again after it was found too old', () => {
    const canceled = step(fileOrder().state, { type: 'cancel' });
    const again = step(canceled.state, { type: 'retry' });
    const late = step(again.state, { type: 'timeout', begunBefore: AT });
    expect(late.state).toBe(again.state);
  });

  test('a result after the end changes nothing', () => {
    const accepted = fileOrder();
    const canceled = step(accepted.state, { type: 'cancel' });
    const late = succeeded(only(accepted.jobs));
    const after = result(canceled.state, late);
    expect(after.state).toBe(canceled.state);
    expect(after.garbage).toHaveLength(1);
  });
});

test('a lost job is sent again, and ends the order when it is lost too often', () => {
  const accepted = fileOrder();
  const lost: Input = { type: 'lost', jobs: ['prepare/0'], heardBefore: AT };
  let last = step(accepted.state, lost);
  for (let count = 1; count < MOST_TIMES_LOST; count++) {
    expect(last.jobs).toEqual(accepted.jobs);
    last = step(last.state, lost);
  }
  expect(last.state).toMatchObject({ status: 'failed', error: { code: 'job_lost' } });
  expect(last.jobs).toEqual([]);
});
