import { expect, test } from '@jest/globals';
import { type EncodePlan, type Job, type JobResult, Outputs } from '@spillway/contracts';
import {
  AT,
  acceptOrder,
  addressesOf,
  captionsIn,
  failed,
  planOfChunks,
  succeeded,
} from '../testing/orders.ts';
import { reduce, type Step } from './reduce.ts';
import { orderView } from './snapshot.ts';

const destination = 's3://acme/out/';

const told = ({ state }: Step, result: JobResult): Step =>
  reduce(state, { type: 'result', result }, AT, addressesOf);

/** Answers every job with a success until the order wants its output delivered. */
function untilDelivery(
  plan: EncodePlan | null,
  captions: Outputs['captions'] = [],
): { step: Step; job: Job } {
  const outputs = Outputs.parse({ destination, captions });
  let step = acceptOrder({ source: { url: 'file:///a.mp4' }, outputs });
  const open = [...step.jobs];
  for (;;) {
    const job = open.shift();
    if (!job) throw new Error('there was no delivery');
    if (job.kind === 'deliver') return { step, job };
    step = told(step, succeeded(job, { plan }));
    open.push(...step.jobs);
  }
}

test('an order with a destination completes when its output is there', () => {
  const { step, job } = untilDelivery(planOfChunks(2));
  expect(job).toMatchObject({ destination, posterKey: expect.stringMatching(/poster\.jpg$/) });
  const parts = job.kind === 'deliver' ? job.partPrefixes : [];
  expect(parts.map((prefix) => prefix.split('/')[2]?.replace(/-att_.*/, ''))).toEqual([
    'encode-chunk-0',
    'encode-chunk-1',
    'encode-audio-0',
  ]);
  expect(step.state).toMatchObject({ status: 'running', stage: 'package', progress: 0.99 });
  const view = orderView(step.state, addressesOf(step.state, AT));
  expect(view).toMatchObject({ playback: { ready: true }, delivery: null });
  const end = told(step, succeeded(job));
  expect(end.state).toMatchObject({ status: 'completed', progress: 1 });
  expect(orderView(end.state, addressesOf(end.state, AT)).delivery).toEqual({
    ...{ url: `${destination}playback/`, files: 1, bytes: 1 },
  });
});

test('captions that were cut for the chunks are delivered beside them', () => {
  const { step, job } = untilDelivery(planOfChunks(2), captionsIn('en'));
  const prepared = step.state.jobs['prepare/0']?.outcome;
  const captions = prepared?.kind === 'plan' ? prepared.captions : undefined;
  expect(job).toMatchObject({ partPrefixes: expect.arrayContaining([captions?.prefix ?? '']) });
});

test('a source encoded whole is delivered as it lies, and can be played meanwhile', () => {
  const { step, job } = untilDelivery(null);
  expect(job).toMatchObject({ partPrefixes: [], posterKey: null });
  expect(step.state).toMatchObject({ stage: 'package', playableAt: AT });
  expect(step.events).toMatchObject([
    { type: 'order.running', sequence: 2, order: { changed: ['status'] } },
    { type: 'order.playable', sequence: 3, order: { playback: { ready: true } } },
  ]);
  expect(step.events[1]?.order.changed).toContain('playback');
  expect(step.state.sequence).toBe(3);
});

test('an output that cannot be delivered stays: a retry delivers it, and encodes nothing', () => {
  const { step, job } = untilDelivery(planOfChunks(2));
  const ended = told(step, failed(job, 'destination_unavailable'));
  expect(ended.state).toMatchObject({
    status: 'failed',
    error: { code: 'destination_unavailable', retryable: true },
  });
  const again = reduce(ended.state, { type: 'retry' }, AT, addressesOf);
  expect(again.jobs).toEqual([{ ...job, run: 1 }]);
  expect(told(again, succeeded(again.jobs[0] as Job)).state.status).toBe('completed');
});

test('a source that was left in its bucket is the one that was ordered', () => {
  const url = 's3://acme/in/film.mp4';
  const first = acceptOrder({ source: { url } });
  const ingested = (at: string): JobResult => ({
    ...succeeded(first.jobs[0] as Job),
    outcome: { kind: 'ingest', source: { from: 's3', url: at, etag: 'e' }, bytes: 1 },
  });
  expect(told(first, ingested('s3://acme/in/other.mp4')).ignored).toMatch(/not of its attempt/);
  expect(told(first, ingested(url)).jobs).toMatchObject([
    { kind: 'prepare', source: { from: 's3', url, etag: 'e' } },
  ]);
});
