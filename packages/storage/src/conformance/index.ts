import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ObjectInfo, ObjectStore, Storage } from '../port.ts';
import { testResumable } from './resumable.ts';

export interface StoreUnderTest {
  readonly store: Storage;
  close(): Promise<void>;
}

const objectsUnder = async (store: ObjectStore, prefix: string): Promise<ObjectInfo[]> =>
  await Readable.from(store.list(prefix)).toArray();

const keysUnder = async (store: ObjectStore, prefix: string): Promise<string[]> =>
  (await objectsUnder(store, prefix)).map(({ key }) => key).sort();

const textOf = async (store: ObjectStore, key: string): Promise<string> =>
  await text((await store.get(key)).body);

/** What every object store must do. Each test works under a prefix of its own; the store may be shared. */
export function testObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let opened: StoreUnderTest;
    let store: Storage;
    const newPrefix = () => `conformance/${randomBytes(8).toString('hex')}/`;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await store.deletePrefix('conformance/');
      await opened.close();
    });

    test('gives back the bytes that were put, from memory and from a stream', async () => {
      const prefix = newPrefix();
      const bytes = randomBytes(3 * 1024 * 1024 + 17);
      await store.put(`${prefix}a`, bytes);
      const pieces = Array.from({ length: 50 }, (_, i) =>
        bytes.subarray(i * 65536, (i + 1) * 65536),
      );
      await store.put(`${prefix}b/c`, Readable.from(pieces));
      const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex');
      expect(hash(await buffer((await store.get(`${prefix}a`)).body))).toBe(hash(bytes));
      expect(hash(await buffer((await store.get(`${prefix}b/c`)).body))).toBe(hash(bytes));
    });

    test('says the same of an object everywhere', async () => {
      const key = `${newPrefix()}x`;
      const put = await store.put(key, Buffer.from('12345'));
      expect(put).toMatchObject({ key, bytes: 5, etag: expect.stringMatching(/./) });
      const { body, ...got } = await store.get(key);
      body.destroy();
      expect(got).toMatchObject(put);
      expect(await store.head(key)).toEqual(got);
      expect(await objectsUnder(store, key)).toEqual([got]);
    });

    test('keeps an object of no bytes', async () => {
      const key = `${newPrefix()}empty`;
      await store.put(key, new Uint8Array());
      expect(await store.head(key)).toMatchObject({ bytes: 0 });
      expect(await textOf(store, key)).toBe('');
    });

    test('keeps keys with blanks, percent signs and other alphabets apart', async () => {
      const prefix = newPrefix();
      const names = ['a b', 'a%20b', 'a+b', 'ä', 'a\u0308', '字', 'a?b=c#d'];
      for (const part of names) await store.put(prefix + part, Buffer.from(part));
      expect(await keysUnder(store, prefix)).toEqual(names.map((part) => prefix + part).sort());
      for (const part of names) expect(await textOf(store, prefix + part)).toBe(part);
    });

    test('tells what is not there', async () => {
      const key = `${newPrefix()}nothing`;
      expect(await store.head(key)).toBeNull();
      await expect(store.get(key)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.pathOf(key)).rejects.toMatchObject({ code: 'not_found' });
      expect(await keysUnder(store, key)).toEqual([]);
    });

    test('a part of a key is no object', async () => {
      const prefix = newPrefix();
      await store.put(`${prefix}a/b`, Buffer.from('b'));
      expect(await store.head(`${prefix}a`)).toBeNull();
      await expect(store.get(`${prefix}a`)).rejects.toMatchObject({ code: 'not_found' });
      expect(await store.head(`${prefix}a/b/c`)).toBeNull();
    });

    test('replaces an object, with another etag even at the same size', async () => {
      const key = `${newPrefix()}x`;
      const etags = new Set<string>();
      for (const content of ['one', 'two', 'six']) {
        etags.add((await store.put(key, Buffer.from(content))).etag);
        expect(await textOf(store, key)).toBe(content);
      }
      expect(etags.size).toBe(3);
    });

    test('a reader that has begun reads the object as it was, whole', async () => {
      const key = `${newPrefix()}x`;
      await store.put(key, Buffer.alloc(1_000_000, 'a'));
      const before = await store.get(key);
      await store.put(key, Buffer.alloc(1_000_000, 'b'));
      const read = await text(before.body);
      expect(read).toBe('a'.repeat(1_000_000));
    });

    test('gives ranges, cut to the end', async () => {
      const key = `${newPrefix()}x`;
      await store.put(key, Buffer.from('0123456789'));
      const range = async (start: number, end: number) =>
        await text((await store.get(key, { start, end })).body);
      expect(await range(0, 0)).toBe('0');
      expect(await range(3, 5)).toBe('345');
      expect(await range(8, 100)).toBe('89');
      await expect(store.get(key, { start: 10, end: 12 })).rejects.toThrow(RangeError);
    });

    test('lists by the beginning of the key, not by folder', async () => {
      const prefix = newPrefix();
      for (const part of ['abc', 'ab/1', 'ab/2/3', 'b']) {
        await store.put(prefix + part, Buffer.from(part));
      }
      const found = async (beginning: string) =>
        (await keysUnder(store, prefix + beginning)).map((key) => key.slice(prefix.length));
      expect(await found('')).toEqual(['ab/1', 'ab/2/3', 'abc', 'b']);
      expect(await found('ab')).toEqual(['ab/1', 'ab/2/3', 'abc']);
      expect(await found('ab/')).toEqual(['ab/1', 'ab/2/3']);
      expect(await found('ab/2/3')).toEqual(['ab/2/3']);
      expect(await found('abcd')).toEqual([]);
    });

    test('nobody sees an object before it is whole, nor one whose body broke', async () => {
      const key = `${newPrefix()}x`;
      const body = new Readable({ read() {} });
      const put = store.put(key, body);
      body.push('the first half');
      expect(await store.head(key)).toBeNull();
      body.destroy(new Error('the line went dead'));
      await expect(put).rejects.toThrow('the line went dead');
      expect(await store.head(key)).toBeNull();
      expect(await keysUnder(store, key)).toEqual([]);
    });

    test('a broken body leaves the object that was there', async () => {
      const key = `${newPrefix()}x`;
      await store.put(key, Buffer.from('whole'));
      const body = new Readable({ read() {} });
      body.push('half');
      const put = store.put(key, body);
      body.destroy(new Error('gone'));
      await expect(put).rejects.toThrow('gone');
      expect(await textOf(store, key)).toBe('whole');
    });

    test('of writers at once one wins whole', async () => {
      const key = `${newPrefix()}x`;
      const contents = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
      await Promise.all(contents.map((content) => store.put(key, Buffer.from(content))));
      expect(contents).toContain(await textOf(store, key));
    });

    test('deletes what begins with the prefix and nothing else', async () => {
      const prefix = newPrefix();
      for (const part of ['a/1', 'a/b/2', 'ab', 'c']) {
        await store.put(prefix + part, Buffer.from(part));
      }
      await store.deletePrefix(`${prefix}a/`);
      expect(await keysUnder(store, prefix)).toEqual([`${prefix}ab`, `${prefix}c`]);
      await store.deletePrefix(`${prefix}a`);
      expect(await keysUnder(store, prefix)).toEqual([`${prefix}c`]);
      await store.deletePrefix(`${prefix}a/`);
      await store.put(`${prefix}a/1`, Buffer.from('again'));
      expect(await textOf(store, `${prefix}a/1`)).toBe('again');
    });

    test('puts and deletions of neighbours do not disturb each other', async () => {
      const prefix = newPrefix();
      const job = async (index: number) => {
        for (let round = 0; round < 5; round++) {
          await store.put(`${prefix}${index}/deep/er/x`, Buffer.from(`${index}`));
          if (index % 2) await store.deletePrefix(`${prefix}${index}/`);
        }
      };
      await Promise.all(Array.from({ length: 10 }, (_, index) => job(index)));
      expect(await keysUnder(store, prefix)).toEqual(
        [0, 2, 4, 6, 8].map((index) => `${prefix}${index}/deep/er/x`),
      );
    });

    testResumable(() => ({ store, prefix: newPrefix() }));

    test.each([
      '',
      '/',
      '/etc/passwd',
      '../x',
      'a/../../x',
      'a/./b',
      'a//b',
      'a/',
      '..',
      'a\0b',
      'a\\..\\b',
    ])('refuses the key %j', async (key) => {
      const refused = { code: 'invalid_key' };
      await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject(refused);
      await expect(store.get(key)).rejects.toMatchObject(refused);
      await expect(store.head(key)).rejects.toMatchObject(refused);
      await expect(store.pathOf(key)).rejects.toMatchObject(refused);
      expect(() => store.resumable(key)).toThrow(expect.objectContaining(refused));
    });

    test.each(['../', '/', 'a/../'])('refuses the prefix %j', async (prefix) => {
      await expect(store.deletePrefix(prefix)).rejects.toMatchObject({ code: 'invalid_key' });
      await expect(objectsUnder(store, prefix)).rejects.toMatchObject({
        code: 'invalid_key',
      });
    });
  });
}
