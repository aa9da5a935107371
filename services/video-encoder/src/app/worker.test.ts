import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cancelMarker, JobError, type JobResult, type PrepareJob } from '@spillway/contracts';
import { type ObjectStore, StorageError } from '@spillway/storage';
import { type Fixture, openFixture } from '../testing/fixture.ts';
import { delegate, ingestJob, orderId, prepareJob } from '../testing/samples.ts';
import type { AttemptEnd, Media } from './ports.ts';

let fixture: Fixture;
let storage: ObjectStore;
let results: JobResult[];
let ends: AttemptEnd[];
let removed: string[];
let abort: AbortController;
let media: Fixture['media'];
let worker: Fixture['worker'];
let delivery: Fixture['delivery'];
let keys: Fixture['keys'];

beforeEach(async () => {
  fixture = await openFixture();
  ({ storage, results, ends, removed, abort, media, worker, delivery, keys } = fixture);
});
afterEach(() => fixture.close());

const failing = (code: JobError['code']) =>
  media({ encodeWhole: () => Promise.reject(new JobError(code, 'It broke.')) });
/** An encode that goes on until it is aborted; `begun` resolves when it runs. */
function endless(onBegin = (_advance: (fraction: number) => void) => {}) {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const encodeWhole: Media['encodeWhole'] = ({ signal, onProgress }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      onBegin(onProgress);
      begin();
    });
  return { begun, media: media({ encodeWhole }) };
}

test('an encoded source becomes files under the prefix that one result names', async () => {
  expect(await worker().run(prepareJob, delivery())).toMatchObject({ does: 'ack' });
  expect(results).toHaveLength(1);
  const [result] = results;
  expect(result).toMatchObject({
    status: 'succeeded',
    orderId,
    worker: 'host/1',
    cpuSeconds: 0.5,
    ffmpegBuild: 'ffmpeg version test',
    outcome: { kind: 'prepare', warnings: ['a warning'] },
  });
  const prefix = `orders/${orderId}/prepare-0-${result?.attemptId}/`;
  expect(result).toHaveProperty('outcome.output.prefix', prefix);
  expect(await keys()).toEqual(
    ['180p/00001.m4s', '180p/init.mp4', 'manifest.mpd', 'master.m3u8'].map((name) => prefix + name),
  );
  expect(ends).toEqual(['succeeded']);
  expect(removed).toEqual([result?.attemptId]);
});

test.each([1, 2] as const)('a result is of the version of its job: %d', async (schemaVersion) => {
  await worker().run({ ...prepareJob, schemaVersion }, delivery());
  expect(results).toMatchObject([{ schemaVersion }]);
});

test('a permanent failure is told once, at the first try', async () => {
  const answer = await worker({ media: failing('source_truncated') }).run(prepareJob, delivery());
  expect(answer).toMatchObject({ does: 'ack' });
  expect(results).toMatchObject([
    {
      status: 'failed',
      error: { code: 'source_truncated', message: 'It broke.', retryable: false },
    },
  ]);
  expect(ends).toEqual(['failed']);
});

test('a passing failure is tried again in silence, and told when it was the last try', async () => {
  const broken = worker({ media: failing('encode_failed') });
  expect(await broken.run(prepareJob, delivery())).toMatchObject({ does: 'retry' });
  expect(results).toEqual([]);
  const last = await broken.run(prepareJob, delivery({ lastAttempt: true }));
  expect(last).toMatchObject({ does: 'bury', reason: 'encode_failed: It broke.' });
  expect(results).toMatchObject([{ status: 'failed', error: { code: 'encode_failed' } }]);
  expect(ends).toEqual(['retried', 'failed']);
});

test('what nobody foresaw is told without its details', async () => {
  const broken = media({ encodeWhole: () => Promise.reject(new TypeError('x is undefined')) });
  await worker({ media: broken }).run(prepareJob, delivery({ lastAttempt: true }));
  expect(results).toMatchObject([
    { error: { code: 'internal', message: 'Something went wrong on our side.' } },
  ]);
});

test('a storage that is full gives the job back even at the last try, and leaves no files', async () => {
  let room = 2;
  const full: ObjectStore = {
    ...delegate(storage),
    put: (key, body) =>
      room-- > 0 ? storage.put(key, body) : Promise.reject(new StorageError('full', 'full')),
  };
  const answer = await worker({ storage: full }).run(prepareJob, delivery({ lastAttempt: true }));
  expect(answer).toMatchObject({ does: 'give-back', delaySeconds: 5 });
  expect(results).toEqual([]);
  expect(ends).toEqual(['given_back']);
  expect(removed).toHaveLength(1);
  expect(await keys()).toEqual([]);
});

test('a result that cannot be sent brings the job again and keeps the files that it may name', async () => {
  const sendResult = () => Promise.reject(new Error('the broker is away'));
  await expect(worker({ sendResult }).run(prepareJob, delivery())).rejects.toThrow('broker');
  expect(await keys()).toHaveLength(4);
  expect(ends).toEqual(['retried']);
});

test('the job of a canceled order is dropped before it begins', async () => {
  await storage.put(cancelMarker(orderId), Buffer.from(''));
  const inspect = () => Promise.reject(new Error('must not be called'));
  const answer = await worker({ media: media({ inspect }) }).run(prepareJob, delivery());
  expect(answer).toMatchObject({ does: 'ack' });
  expect(results).toEqual([]);
  expect(ends).toEqual(['canceled']);
});

test('a cancel in the middle ends the encode without a result', async () => {
  const { begun, media } = endless();
  const running = worker({ media }).run(prepareJob, delivery());
  await begun;
  await storage.put(cancelMarker(orderId), Buffer.from(''));
  expect(await running).toMatchObject({ does: 'ack' });
  expect(results).toEqual([]);
  expect(await keys()).toEqual([cancelMarker(orderId)]);
});

test('a stop gives back at once what will not be done within the grace', async () => {
  const { begun, media } = endless();
  const stopping = worker({ media });
  const running = stopping.run({ ...prepareJob, estimateSeconds: 900 }, delivery());
  await begun;
  stopping.stop(0);
  expect(await running).toMatchObject({ does: 'give-back', delaySeconds: 0 });
  expect(results).toEqual([]);
  expect(await stopping.run(prepareJob, delivery())).toMatchObject({ does: 'give-back' });
});

test('a stop lets what is nearly done go on, until the grace is over', async () => {
  const { begun, media } = endless((advance) => advance(0.99));
  const stopping = worker({ media });
  const running = stopping.run(prepareJob, delivery());
  await begun;
  stopping.stop(60);
  const other = await Promise.race([running, new Promise((resolve) => setImmediate(resolve))]);
  expect(other).toBeUndefined();
  abort.abort(new Error('the grace is over'));
  expect(await running).toMatchObject({ does: 'give-back', delaySeconds: 0 });
});

test('a local file is refused where it is not allowed', async () => {
  await worker({ checkLocalFile: null }).run(prepareJob, delivery());
  expect(results).toMatchObject([{ status: 'failed', error: { code: 'source_not_allowed' } }]);
});

test('a stored source must be the one that was ordered', async () => {
  const { key, etag } = await storage.put('source', Buffer.from('film'));
  const job = (stored: { key: string; etag: string }): PrepareJob => ({
    ...prepareJob,
    source: { from: 'object', ...stored },
  });
  await worker().run(job({ key, etag }), delivery());
  await worker().run(job({ key, etag: 'another' }), delivery());
  await worker().run(job({ key: 'gone', etag }), delivery());
  expect(results).toMatchObject([
    { status: 'succeeded' },
    { error: { code: 'source_changed' } },
    { error: { code: 'source_not_found' } },
  ]);
});

test('a source that goes while a worker looks at it is gone, and no error of ours', async () => {
  const { key, etag } = await storage.put('source', Buffer.from('film'));
  const goes: ObjectStore = {
    ...delegate(storage),
    async pathOf(wanted) {
      await storage.deletePrefix(wanted);
      return storage.pathOf(wanted);
    },
  };
  const job: PrepareJob = { ...prepareJob, source: { from: 'object', key, etag } };
  await worker({ storage: goes }).run(job, delivery());
  expect(results).toMatchObject([{ status: 'failed', error: { code: 'source_not_found' } }]);
});

test('an ingested source is stored, and its result names it', async () => {
  await worker().run(ingestJob, delivery());
  expect(results).toMatchObject([
    { status: 'succeeded', ffmpegBuild: null, outcome: { kind: 'ingest', bytes: 10 } },
  ]);
  const [key] = await keys();
  expect(results[0]).toHaveProperty('outcome.source.key', key);
});

test('an empty source is refused and not kept', async () => {
  await worker({ download: () => Readable.from([]) }).run(ingestJob, delivery());
  expect(results).toMatchObject([{ status: 'failed', error: { code: 'source_empty' } }]);
  expect(await keys()).toEqual([]);
});

test("a download's own failure is what the order is told", async () => {
  const download = () =>
    Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new JobError('source_changed', 'It changed.');
      })(),
    );
  await worker({ download }).run(ingestJob, delivery());
  expect(results).toMatchObject([{ error: { code: 'source_changed' } }]);
  expect(await keys()).toEqual([]);
});
