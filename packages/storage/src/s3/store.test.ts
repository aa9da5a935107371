import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testObjectStore } from '../conformance/index.ts';
import { openStorage } from '../open.ts';
import type { Storage } from '../port.ts';
import { startTestS3, type TestS3 } from '../testing/index.ts';

let s3: TestS3;
let store: Storage;
beforeAll(async () => {
  s3 = await startTestS3('media');
  store = await s3.openStorage('media');
});
afterAll(() => s3.close());

testObjectStore('the S3 store', async () => {
  const shared = await startTestS3('conformance');
  return { store: await shared.openStorage('conformance'), close: shared.close };
});

const MIB = 1024 * 1024;
const headers = async (key: string) =>
  (await fetch(`${s3.url}/media/spillway/objects/${key}`, { method: 'HEAD' })).headers;

test('no file of this machine is an object, and its bucket says what it is', async () => {
  await store.put('a/master.m3u8', Buffer.from('#EXTM3U'));
  await store.put('a/00001.m4s', Readable.from([Buffer.from('segment')]));
  expect(await store.pathOf('a/master.m3u8')).toBeNull();
  const typeOf = async (key: string) => (await headers(key)).get('content-type');
  expect(await typeOf('a/master.m3u8')).toBe('application/vnd.apple.mpegurl');
  expect(await typeOf('a/00001.m4s')).toBe('video/iso.segment');
});

test('a stream of many parts is one object, and one that breaks is none', async () => {
  const pieces = function* (count: number) {
    for (let piece = 0; piece < count; piece++) yield Buffer.alloc(MIB, piece);
  };
  const whole = await store.put('film', Readable.from(pieces(19)));
  expect(whole).toMatchObject({ bytes: 19 * MIB, etag: expect.stringMatching(/-3$/) });
  const broken = async function* () {
    yield* pieces(17);
    throw new Error('the line went dead');
  };
  const dead = { name: 'Error', message: 'the line went dead' };
  await expect(store.put('film', Readable.from(broken()))).rejects.toMatchObject(dead);
  expect(await store.head('film')).toMatchObject(whole);
});

test('more objects than one answer names are listed and removed', async () => {
  const keys = Array.from({ length: 1010 }, (_, index) => `many/${index}`);
  for (let next = 0; next < keys.length; next += 100) {
    await Promise.all(keys.slice(next, next + 100).map((key) => store.put(key, Buffer.from(key))));
  }
  const count = async () => (await Readable.from(store.list('many/')).toArray()).length;
  expect(await count()).toBe(1010);
  await store.deletePrefix('many/');
  expect(await count()).toBe(0);
});

test('a bucket that is not there, and a server that does not answer, are unavailable', async () => {
  await expect(s3.openStorage('nobodys')).rejects.toMatchObject({ name: 'StorageError' });
  await expect(s3.buckets('nobodys').get('x')).rejects.toMatchObject({ code: 'unavailable' });
  const nowhere = { ...s3.connection, endpoint: 'http://127.0.0.1:1' };
  const opened = openStorage('s3://media', nowhere);
  await expect(opened).rejects.toMatchObject({ code: 'unavailable' });
});

test('a stream that cannot be put is given up, and harms nobody', async () => {
  const body = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(MIB);
    })(),
  );
  await expect(s3.buckets('nobodys').put('x', body)).rejects.toMatchObject({ code: 'unavailable' });
  expect(body.destroyed).toBe(true);
});

test("a customer's object is read only while it is the one that was meant", async () => {
  const bucket = s3.buckets('media');
  const { etag } = await bucket.put('in/film', Buffer.from('one'));
  const { body } = await bucket.get('in/film', { start: 0, end: 9 }, etag);
  expect(await Readable.from(body).toArray()).toEqual([Buffer.from('one')]);
  await bucket.put('in/film', Buffer.from('two'));
  await expect(bucket.get('in/film', undefined, etag)).rejects.toMatchObject({ code: 'changed' });
});
