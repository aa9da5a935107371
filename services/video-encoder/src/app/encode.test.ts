import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cancelMarker, type JobResult } from '@spillway/contracts';
import type { PartEncode } from '@spillway/media';
import { type ObjectStore, StorageError } from '@spillway/storage';
import { type Fixture, openFixture } from '../testing/fixture.ts';
import { audioJob, chunkJob, delegate, orderId, report } from '../testing/samples.ts';
import type { Media, PartOptions } from './ports.ts';

let fixture: Fixture;
let storage: ObjectStore;
let results: JobResult[];

beforeEach(async () => {
  fixture = await openFixture();
  ({ storage, results } = fixture);
});
afterEach(() => fixture.close());

const run = (
  job: Parameters<ReturnType<Fixture['worker']>['run']>[0],
  media: Partial<Media> = {},
) => fixture.worker({ media: fixture.media(media) }).run(job, fixture.delivery());

/** A sound of an init segment and three segments; `end` follows them. */
const sound =
  (end: (options: PartOptions) => Promise<PartEncode>): Media['encodeAudio'] =>
  async (options) => {
    for (const name of ['init.mp4', '00001.m4s', '00002.m4s', '00003.m4s']) {
      await options.onFile({ name: `audio/${name}`, data: Buffer.from(name) });
    }
    return end(options);
  };
const whole = async (): Promise<PartEncode> => ({
  report: report('audio', 3),
  warnings: [],
  cpuSeconds: 1,
  log: [],
});

test('a chunk becomes files under the prefix that its result names, the report behind them', async () => {
  const order: string[] = [];
  const watched: ObjectStore = {
    ...delegate(storage),
    put(key, body) {
      order.push(key);
      return storage.put(key, body);
    },
  };
  const worker = fixture.worker({ storage: watched });
  expect(await worker.run(chunkJob, fixture.delivery())).toMatchObject({ does: 'ack' });
  const [result] = results;
  const prefix = `orders/${orderId}/encode-chunk-1-${result?.attemptId}/`;
  expect(result).toMatchObject({
    status: 'succeeded',
    cpuSeconds: 2,
    ffmpegBuild: 'ffmpeg version test',
    outcome: {
      kind: 'encode-chunk',
      prefix,
      codecs: { '180p': 'avc1.64000d' },
      warnings: ['a warning'],
    },
  });
  expect(order.map((key) => key.replace(prefix, ''))).toEqual([
    '180p/init.mp4',
    '180p/00001.m4s',
    'report.json',
  ]);
});

test('the sound tells at once what can be played of it, and at the end how much it is', async () => {
  await run(audioJob, { encodeAudio: sound(whole) });
  const [first, last] = [results[0], results.at(-1)];
  expect(first).toMatchObject({ status: 'progress', segments: expect.any(Number) });
  expect(first).not.toHaveProperty('segments', 0);
  expect(last).toMatchObject({
    status: 'succeeded',
    outcome: { kind: 'encode-audio', segments: 3 },
  });
});

test('a store that fails ends the encode, and is told as what it is', async () => {
  const full: ObjectStore = {
    ...delegate(storage),
    put: () => Promise.reject(new StorageError('full', 'full')),
  };
  const worker = fixture.worker({ storage: full });
  const answer = await worker.run(chunkJob, fixture.delivery({ lastAttempt: true }));
  expect(answer).toMatchObject({ does: 'give-back', delaySeconds: 5 });
  expect(results).toEqual([]);
});

test('files that are still on their way when an encode fails are removed too', async () => {
  const slow: ObjectStore = {
    ...delegate(storage),
    async put(key, body) {
      await new Promise((resolve) => setImmediate(resolve));
      return storage.put(key, body);
    },
  };
  const media = fixture.media({
    async encodeChunk({ onFile }) {
      await onFile({ name: '180p/init.mp4', data: Buffer.from('init') });
      throw new Error('ffmpeg died');
    },
  });
  const worker = fixture.worker({ storage: slow, media });
  expect(await worker.run(chunkJob, fixture.delivery())).toMatchObject({ does: 'retry' });
  expect(await fixture.keys()).toEqual([]);
});

test('a sound that fails keeps the files that playlists may name, until its order ends', async () => {
  const encodeAudio = sound(() => Promise.reject(new Error('ffmpeg died')));
  expect(await run(audioJob, { encodeAudio })).toMatchObject({ does: 'retry' });
  const prefix = `orders/${orderId}/encode-audio-0-${results[0]?.attemptId}/audio/`;
  expect(await fixture.keys()).toEqual(expect.arrayContaining([`${prefix}00001.m4s`]));
});

test('a cancel in the middle ends the encode, without a result and without files', async () => {
  const encodeAudio = sound(async ({ signal }) => {
    await storage.put(cancelMarker(orderId), Buffer.from(''));
    return new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  });
  expect(await run(audioJob, { encodeAudio })).toMatchObject({ does: 'ack' });
  expect(results.filter(({ status }) => status !== 'progress')).toEqual([]);
  expect(await fixture.keys()).toEqual([cancelMarker(orderId)]);
});

test('at a stop a chunk goes on that its estimate says will be done within the grace', async () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const encodeChunk: Media['encodeChunk'] = async ({ signal }) => {
    begun.resolve();
    await end.promise;
    signal.throwIfAborted();
    return whole();
  };
  const worker = fixture.worker({ media: fixture.media({ encodeChunk }) });
  const running = worker.run({ ...chunkJob, estimateSeconds: 15 }, fixture.delivery());
  await begun.promise;
  worker.stop(20);
  end.resolve();
  expect(await running).toMatchObject({ does: 'ack' });
});
