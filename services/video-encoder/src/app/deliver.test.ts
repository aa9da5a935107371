import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DeliverJob } from '@spillway/contracts';
import { type Bucket, StorageError } from '@spillway/storage';
import { type Fixture, openFixture } from '../testing/fixture.ts';
import { orderId, prepareJob } from '../testing/samples.ts';

let fixture: Fixture;
let put: { name: string; text: string }[];
beforeEach(async () => {
  fixture = await openFixture();
  put = [];
});
afterEach(() => fixture.close());

const outputPrefix = `orders/${orderId}/package-0-att_p/`;
const chunkPrefix = `orders/${orderId}/encode-chunk-0-att_a/`;
const audioPrefix = `orders/${orderId}/encode-audio-0-att_b/`;

const { schemaVersion, customerId, run, index, priority, estimateSeconds } = prepareJob;
const deliverJob: DeliverJob = {
  ...{ schemaVersion, orderId, customerId, run, index, priority, estimateSeconds },
  kind: 'deliver',
  jobId: `${orderId}/deliver/0`,
  destination: 's3://acme/out/',
  outputPrefix,
  partPrefixes: [chunkPrefix, audioPrefix],
  posterKey: `${chunkPrefix}poster.jpg`,
};

const objects = [
  `${outputPrefix}master.m3u8`,
  `${outputPrefix}240p/playlist.m3u8`,
  `${outputPrefix}audio/playlist.m3u8`,
  `${outputPrefix}manifest.mpd`,
  `${outputPrefix}qc.json`,
  `${chunkPrefix}240p/00001.m4s`,
  `${chunkPrefix}poster.jpg`,
  `${chunkPrefix}report.json`,
  `${audioPrefix}audio/00001.m4s`,
];

async function delivered(more: Partial<Bucket> = {}, job: Partial<DeliverJob> = {}) {
  for (const key of objects) await fixture.storage.put(key, Buffer.from(key));
  const bucket: Bucket = {
    head: () => Promise.reject(new Error('nothing is looked for')),
    get: () => Promise.reject(new Error('nothing is read')),
    async put(key, body) {
      const bytes = body instanceof Uint8Array ? Buffer.from(body) : await buffer(body);
      put.push({ name: key, text: bytes.toString() });
      return { key, bytes: bytes.length, etag: 'e' };
    },
    ...more,
  };
  const worker = fixture.worker({
    buckets: (name) => {
      if (name !== 'acme') throw new Error(`nobody named ${name}`);
      return bucket;
    },
  });
  return await worker.run({ ...deliverJob, ...job }, fixture.delivery({ lastAttempt: true }));
}

test('an output is copied with its parts beside it, so that what playlists name is there', async () => {
  await delivered();
  const names = put.map(({ name }) => name);
  expect([...names].sort()).toEqual([
    'out/encode-audio-0-att_b/audio/00001.m4s',
    'out/encode-chunk-0-att_a/240p/00001.m4s',
    'out/encode-chunk-0-att_a/poster.jpg',
    'out/playback/240p/playlist.m3u8',
    'out/playback/audio/playlist.m3u8',
    'out/playback/manifest.mpd',
    'out/playback/master.m3u8',
    'out/playback/poster.jpg',
    'out/playback/qc.json',
  ]);
  expect(put.find(({ name }) => name.endsWith('playback/poster.jpg'))?.text).toBe(
    `${chunkPrefix}poster.jpg`,
  );
  const bytes = put.reduce((sum, { text }) => sum + text.length, 0);
  const delivery = { url: 's3://acme/out/playback/', files: 9, bytes };
  expect(fixture.results).toMatchObject([{ outcome: { kind: 'deliver', delivery } }]);
});

test('a playlist comes behind all that it names', async () => {
  await delivered();
  const names = put.map(({ name }) => name);
  const isList = (name: string) => name.endsWith('.m3u8') || name.endsWith('.mpd');
  expect(names.slice(0, 5).filter(isList)).toEqual([]);
  expect(names.slice(5, 7).sort()).toEqual([
    'out/playback/240p/playlist.m3u8',
    'out/playback/audio/playlist.m3u8',
  ]);
  expect(names.slice(7).sort()).toEqual(['out/playback/manifest.mpd', 'out/playback/master.m3u8']);
});

test('a whole bucket may be the destination', async () => {
  await delivered({}, { destination: 's3://acme/', partPrefixes: [], posterKey: null });
  expect(put.map(({ name }) => name)).toContain('playback/master.m3u8');
});

const says = (code: 'denied' | 'unavailable') => ({
  put: async (_key: string, body: Uint8Array | Readable) => {
    if (!(body instanceof Uint8Array)) body.destroy();
    throw new StorageError(code, code);
  },
});

test.each([
  ['destination_not_allowed', 'ack', says('denied'), {}],
  ['destination_unavailable', 'bury', says('unavailable'), {}],
  ['destination_not_allowed', 'ack', {}, { destination: 's3://acme/out' }],
  ['destination_not_allowed', 'ack', {}, { destination: 's3://acme/../' }],
])('what cannot be delivered is %s', async (code, does, bucket, job) => {
  expect(await delivered(bucket, job)).toMatchObject({ does });
  expect(fixture.results).toMatchObject([{ status: 'failed', error: { code } }]);
  expect(put).toEqual([]);
});

test('a stop ends the copy of a large file in the middle', async () => {
  const poster = `${chunkPrefix}poster.jpg`;
  await fixture.storage.put(poster, Buffer.alloc(1_000_000));
  let read = 0;
  const worker = fixture.worker({
    buckets: () => ({
      head: () => Promise.reject(new Error('nothing is looked for')),
      get: () => Promise.reject(new Error('nothing is read')),
      async put(key, body) {
        for await (const piece of body as Readable) {
          read += piece.length;
          worker.stop(0);
        }
        return { key, bytes: read, etag: 'e' };
      },
    }),
  });
  const job = { ...deliverJob, partPrefixes: [], posterKey: poster };
  expect(await worker.run(job, fixture.delivery())).toMatchObject({ does: 'give-back' });
  expect(read).toBeLessThan(1_000_000);
});

test('a part of ours that is gone is no fault of the destination', async () => {
  await delivered({}, { posterKey: `${chunkPrefix}gone.jpg` });
  expect(fixture.results).toMatchObject([{ error: { code: 'output_not_whole' } }]);
});
