import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Bucket, type Buckets, type ObjectStore, StorageError } from '@spillway/storage';
import { ObjectServer } from '../adapters/object-server.ts';
import { type Fixture, openFixture } from '../testing/fixture.ts';
import { delegate, ingestJob, prepareJob, source } from '../testing/samples.ts';

let fixture: Fixture;
let server: ObjectServer;
beforeEach(async () => {
  fixture = await openFixture();
  server = new ObjectServer();
});
afterEach(async () => {
  await server.close();
  await fixture.close();
});

const url = 's3://acme/in/film.mp4';
const film = { key: 'in/film.mp4', bytes: 10, etag: 'one', modifiedAt: new Date(0) };

/** A bucket with one film, whose methods can be replaced one by one. */
const acme =
  (more: Partial<Bucket> = {}): Buckets =>
  (name) => {
    if (name !== 'acme') throw new Error(`nobody named ${name}`);
    return {
      head: async (key) => (key === film.key ? film : null),
      async get(_key, range, etag) {
        if (etag !== film.etag) throw new StorageError('changed', 'another');
        const body = Readable.from([Buffer.from('0123456789').subarray(range?.start, 99)]);
        return { ...film, body };
      },
      put: () => Promise.reject(new Error('it is read only')),
      ...more,
    };
  };

/** Reads its source as ffmpeg does, and tells what came. */
const reading = (read: string[], address?: string[]) =>
  fixture.media({
    async inspect(at) {
      address?.push(at);
      read.push(await (await fetch(at, { headers: { range: 'bytes=2-' } })).text());
      return source;
    },
  });

const errorOf = () => {
  const [result] = fixture.results;
  return result?.status === 'failed' ? result.error : null;
};

const prepared = (parts: Parameters<Fixture['worker']>[0], etag = 'one') =>
  fixture
    .worker({ lend: (object) => server.lend(object), ...parts })
    .run({ ...prepareJob, source: { from: 's3', url, etag } }, fixture.delivery());

const ingested = (buckets: Buckets, more = {}) =>
  fixture
    .worker({ buckets, sourceMaxBytes: 100 })
    .run({ ...ingestJob, url, ...more }, fixture.delivery({ lastAttempt: true }));

test('a source in a bucket is not copied: its etag and its bytes are noted', async () => {
  await ingested(acme());
  expect(fixture.results).toMatchObject([
    { outcome: { kind: 'ingest', source: { from: 's3', url, etag: 'one' }, bytes: 10 } },
  ]);
  expect(await fixture.keys()).toEqual([]);
});

const denied = () => Promise.reject(new StorageError('denied', 'AccessDenied'));
const away = () => Promise.reject(new StorageError('unavailable', 'no answer'));

test.each([
  ['source_not_found', { url: 's3://acme/in/other.mp4' }, {}],
  ['source_not_allowed', { url: 's3://acme/in/../film.mp4' }, {}],
  ['source_not_allowed', { url: 's3://acme/' }, {}],
  ['source_not_allowed', {}, { head: denied }],
  ['source_unreachable', {}, { head: away }],
  ['source_empty', {}, { head: async () => ({ ...film, bytes: 0 }) }],
  ['source_too_large', {}, { head: async () => ({ ...film, bytes: 101 }) }],
  ['source_too_large', { limits: { bytes: 9, seconds: 1, pixels: 1 } }, {}],
])('what cannot be taken is %s', async (code, job, bucket) => {
  await ingested(acme(bucket), job);
  expect(errorOf()).toMatchObject({ code });
});

test('its bytes are read by ranges, at an address that ends with the work', async () => {
  const read: string[] = [];
  const address: string[] = [];
  await prepared({ buckets: acme(), media: reading(read, address) });
  expect(read).toEqual(['23456789']);
  expect(fixture.results).toMatchObject([{ status: 'succeeded' }]);
  expect((await fetch(address[0] ?? '')).status).toBe(404);
});

test('a source that is another before the work is not read', async () => {
  const read: string[] = [];
  await prepared({ buckets: acme(), media: reading(read) }, 'two');
  expect(read).toEqual([]);
  expect(errorOf()).toMatchObject({ code: 'source_changed', retryable: false });
});

test('a source that becomes another in the middle ends the work, whatever ffmpeg makes of it', async () => {
  const get = () => Promise.reject(new StorageError('changed', 'another'));
  const media = fixture.media({
    async inspect(at) {
      await fetch(at)
        .then((response) => response.text())
        .catch(() => 'ffmpeg reads what there is');
      return source;
    },
  });
  await prepared({ buckets: acme({ get }), media });
  expect(errorOf()).toMatchObject({ code: 'source_changed' });
});

test('what nobody waited for any more spoils no work', async () => {
  const begun = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const get: Bucket['get'] = async (key, range, etag) => {
    if (range?.start === 2) return await acme()('acme').get(key, range, etag);
    begun.resolve();
    await left.promise;
    setImmediate(failed.resolve);
    throw new StorageError('changed', 'another');
  };
  const media = fixture.media({
    async inspect(at) {
      const leaving = new AbortController();
      const given = fetch(at, { signal: leaving.signal }).catch(() => 'given up');
      await begun.promise;
      leaving.abort();
      expect(await given).toBe('given up');
      expect(await (await fetch(at, { headers: { range: 'bytes=2-' } })).text()).toBe('23456789');
      left.resolve();
      await failed.promise;
      return source;
    },
  });
  await prepared({ buckets: acme({ get }), media });
  expect(fixture.results).toMatchObject([{ status: 'succeeded' }]);
});

test('a connection that breaks is taken up again', async () => {
  const read: string[] = [];
  let tries = 0;
  const get: Bucket['get'] = async (key, range, etag) => {
    const whole = await acme()('acme').get(key, range, etag);
    const body = new Readable({ read() {} });
    if (++tries > 1) return whole;
    body.destroy(new Error('the line went dead'));
    return { ...whole, body };
  };
  await prepared({ buckets: acme({ get }), media: reading(read) });
  expect(read).toEqual(['23456789']);
});

test('a stored source in a store without files is read in the same way, and held to its etag', async () => {
  const stored = await fixture.storage.put('source', Buffer.from('0123456789'));
  const far: ObjectStore = { ...delegate(fixture.storage), pathOf: async () => null };
  const read: string[] = [];
  const job = { ...prepareJob, source: { from: 'object' as const, ...stored } };
  const lend = (object: Parameters<ObjectServer['lend']>[0]) => server.lend(object);
  await fixture.worker({ storage: far, lend, media: reading(read) }).run(job, fixture.delivery());
  expect(read).toEqual(['23456789']);
  const replaced = fixture.media({
    async inspect(at) {
      await fixture.storage.put('source', Buffer.from('9876543210'));
      await (await fetch(at)).text();
      return source;
    },
  });
  await fixture.worker({ storage: far, lend, media: replaced }).run(job, fixture.delivery());
  expect(fixture.results).toMatchObject([
    { status: 'succeeded' },
    { status: 'failed', error: { code: 'source_changed' } },
  ]);
});
