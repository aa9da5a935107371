import { describe, expect, test } from '@jest/globals';
import { attemptPrefix, type Job, newAttemptId, Outputs } from '@spillway/contracts';
import { acceptOrder, captionsIn, failed, planOfChunks, succeeded } from '../testing/orders.ts';
import { only, result, step } from '../testing/steps.ts';
import { keptPrefixes } from './leftovers.ts';
import type { OrderState } from './order.ts';

const outputs = Outputs.parse({ captions: captionsIn('en', 'de') });
const fromAddress = () => acceptOrder({ outputs });
const fromFile = () => acceptOrder({ source: { url: 'file:///film.mp4' }, outputs });

/** All jobs succeed, the last first; returns what they set off. */
function succeedAll(state: OrderState, jobs: readonly Job[]) {
  const attempts = new Map(jobs.map((job) => [job.jobId, newAttemptId()]));
  let last = { state, jobs: [] as readonly Job[] };
  for (const job of [...jobs].reverse()) {
    expect(last.jobs).toEqual([]);
    const attemptId = attempts.get(job.jobId) ?? '';
    last = result(last.state, succeeded(job, { attemptId, plan: planOfChunks(2, false) }));
  }
  const prefixes = jobs.map(({ jobId, orderId, kind, index }) =>
    attemptPrefix(orderId, kind, index, attempts.get(jobId) ?? ''),
  );
  return { ...last, prefixes };
}

describe('an order with captions', () => {
  test('begins by bringing them, beside the source, and is prepared once all is there', () => {
    const { state, jobs } = fromAddress();
    expect(state.stage).toBe('ingest');
    expect(jobs).toMatchObject([
      { kind: 'ingest', index: 0, url: 'https://media.example.com/holiday.mp4', language: null },
      { kind: 'ingest', index: 1, url: 'https://media.example.com/en.srt', language: 'en' },
      { kind: 'ingest', index: 2, url: 'https://media.example.com/de.srt', language: 'de' },
    ]);
    const brought = succeedAll(state, jobs);
    expect(only(brought.jobs)).toMatchObject({
      kind: 'prepare',
      source: { key: `${brought.prefixes[0]}source` },
      captions: [
        { key: `${brought.prefixes[1]}captions.vtt` },
        { key: `${brought.prefixes[2]}captions.vtt` },
      ],
    });
  });

  test('of a file brings nothing else', () => {
    const { state, jobs } = fromFile();
    expect(jobs.map(({ jobId }) => jobId)).toEqual([
      `${state.id}/ingest/1`,
      `${state.id}/ingest/2`,
    ]);
    expect(only(succeedAll(state, jobs).jobs)).toMatchObject({
      kind: 'prepare',
      source: { from: 'file' },
      captions: { length: 2 },
    });
  });

  test('names those that were uploaded by their objects', () => {
    const uploadId = 'upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
    const object = { from: 'object', key: `uploads/${uploadId}`, etag: 'e' } as const;
    const [captions] = captionsIn('en');
    const { jobs } = acceptOrder({
      source: { url: 'file:///film.mp4' },
      uploads: { [uploadId]: object },
      outputs: Outputs.parse({ captions: [{ ...captions, url: undefined, uploadId }] }),
    });
    expect(only(jobs)).toMatchObject({ kind: 'ingest', index: 1, url: null, uploaded: object });
  });

  test('hands them, cut, to package', () => {
    const { state, jobs } = fromFile();
    const brought = succeedAll(state, jobs);
    const planned = succeedAll(brought.state, brought.jobs);
    const packaging = only(succeedAll(planned.state, planned.jobs).jobs);
    expect(packaging).toMatchObject({
      kind: 'package',
      captions: {
        prefix: planned.prefixes[0],
        tracks: [{ name: 'captions-1-en' }, { name: 'captions-2-de' }],
      },
    });
  });

  test('fails when they are no captions, and a retry brings only what is missing', () => {
    const { state, jobs } = fromAddress();
    const [source, english, german] = jobs as [Job, Job, Job];
    const one = result(state, succeeded(german));
    const over = result(one.state, failed(english, 'captions_invalid'));
    expect(over.state).toMatchObject({ status: 'failed', error: { code: 'captions_invalid' } });
    const again = step(over.state, { type: 'retry' });
    expect(again.jobs.map(({ jobId }) => jobId)).toEqual([source.jobId, english.jobId]);
    expect(only(succeedAll(again.state, again.jobs).jobs)).toMatchObject({
      kind: 'prepare',
      captions: { length: 2 },
    });
  });

  test('waits for a worker that knows captions: one that does not brings a source', () => {
    const { state, jobs } = fromFile();
    const job = jobs[0] as Job;
    const told = succeeded(job);
    const key = `${attemptPrefix(state.id, 'ingest', 1, told.attemptId)}source`;
    const source = { from: 'object', key, etag: 'e' } as const;
    const outcome = { kind: 'ingest', source, bytes: 1 } as const;
    expect(result(state, { ...told, outcome })).toMatchObject({
      state,
      ignored: 'its outcome is not one of that job',
    });
  });

  test('takes none that lie where another attempt writes', () => {
    const { state, jobs } = fromFile();
    const told = succeeded(jobs[0] as Job);
    const elsewhere = attemptPrefix(state.id, 'ingest', 2, newAttemptId());
    const outcome = { kind: 'captions', key: `${elsewhere}captions.vtt`, cues: 1 } as const;
    const ignored = 'it names files that are not of its attempt';
    expect(result(state, { ...told, outcome })).toMatchObject({ state, ignored });
    const brought = succeedAll(state, jobs);
    const planned = succeeded(brought.jobs[0] as Job, { plan: planOfChunks(2) });
    if (planned.outcome.kind !== 'plan') throw new Error('there is no plan');
    const captions = { prefix: elsewhere, tracks: [] };
    expect(
      result(brought.state, { ...planned, outcome: { ...planned.outcome, captions } }),
    ).toMatchObject({ state: brought.state, ignored });
  });

  test('keeps, of its captions, what is still of use', () => {
    const { state, jobs } = fromFile();
    const brought = succeedAll(state, jobs);
    const planned = succeedAll(brought.state, brought.jobs);
    const encoded = succeedAll(planned.state, planned.jobs);
    const canceled = step(encoded.state, { type: 'cancel' }).state;
    expect([...keptPrefixes(canceled)].sort()).toEqual(
      [...brought.prefixes, ...planned.prefixes, ...encoded.prefixes].sort(),
    );
    const packaged = succeedAll(encoded.state, encoded.jobs);
    expect([...keptPrefixes(packaged.state)].sort()).toEqual(
      [...planned.prefixes, ...encoded.prefixes, ...packaged.prefixes].sort(),
    );
  });
});
