import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import type { Storage } from '../port.ts';

/** S3's least size of a part, which pieces need not respect. */
const MIB = 1024 * 1024;

const of = (...pieces: (string | Uint8Array)[]): Readable =>
  Readable.from(pieces.map((piece) => Buffer.from(piece)));

/** A body that breaks when the pieces have been read. */
function breaking(...pieces: (string | Uint8Array)[]): Readable {
  return Readable.from(
    (async function* () {
      for (const piece of pieces) yield Buffer.from(piece);
      throw new Error('the line went dead');
    })(),
  );
}

/** Part of the suite of every object store: objects that come in pieces. */
export function testResumable(open: () => { store: Storage; prefix: string }): void {
  const newObject = () => {
    const { store, prefix } = open();
    const key = `${prefix}film.mp4`;
    return { store, key, object: store.resumable(key) };
  };

  test('an object comes in pieces, by any handle, and nobody sees it before it is finished', async () => {
    const { store, key, object } = newObject();
    expect(await object.size()).toBeNull();
    expect(await object.append(of('one ', 'two '), 0)).toBe(8);
    expect(await store.resumable(key).append(of('three'), 8)).toBe(13);
    expect(await object.size()).toBe(13);
    expect(await store.head(key)).toBeNull();
    expect(await Readable.from(store.list(key)).toArray()).toEqual([]);
    const finished = await store.resumable(key).finish();
    expect(finished).toMatchObject({ key, bytes: 13 });
    expect(await store.head(key)).toEqual(finished);
    expect(await text((await store.get(key)).body)).toBe('one two three');
    expect(await object.size()).toBeNull();
  });

  test('pieces of all sizes give the bytes that came', async () => {
    const { store, key, object } = newObject();
    const bytes = randomBytes(13 * MIB + 11);
    let size = 0;
    for (const end of [3, MIB, 6 * MIB + 5, 12 * MIB, 12 * MIB + 1, bytes.length]) {
      size = await object.append(of(bytes.subarray(size, end)), size);
      expect(size).toBe(end);
    }
    await object.finish();
    expect(bytes.equals(await buffer((await store.get(key)).body))).toBe(true);
  });

  test('a body that breaks leaves what came before it broke', async () => {
    const { store, key, object } = newObject();
    const bytes = randomBytes(7 * MIB);
    const first = breaking(bytes.subarray(0, 10), bytes.subarray(10, 6 * MIB));
    await expect(object.append(first, 0)).rejects.toThrow('the line went dead');
    expect(await object.size()).toBe(6 * MIB);
    const second = breaking(bytes.subarray(6 * MIB, 6 * MIB + 7));
    await expect(object.append(second, 6 * MIB)).rejects.toThrow('the line went dead');
    await object.append(of(bytes.subarray(6 * MIB + 7)), 6 * MIB + 7);
    await object.finish();
    expect(bytes.equals(await buffer((await store.get(key)).body))).toBe(true);
  });

  test('a body that was broken before it was read adds nothing', async () => {
    const { object } = newObject();
    await object.append(of('one'), 0);
    const body = new Readable({ read() {} });
    body.destroy(new Error('gone'));
    await once(body, 'error');
    await expect(object.append(body, 3)).rejects.toThrow('gone');
    expect(await object.size()).toBe(3);
  });

  test('refuses any other offset than the end, and reads nothing then', async () => {
    const { object } = newObject();
    const wrong = { code: 'wrong_offset' };
    const ahead = of('x');
    await expect(object.append(ahead, 1)).rejects.toMatchObject(wrong);
    expect(ahead.destroyed).toBe(true);
    expect(await object.size()).toBeNull();
    await object.append(of('123'), 0);
    await expect(object.append(of('x'), 0)).rejects.toMatchObject(wrong);
    await expect(object.append(of('x'), 4)).rejects.toMatchObject(wrong);
    expect(await object.size()).toBe(3);
  });

  test('finishing again answers the same; what never began cannot be finished', async () => {
    const { object } = newObject();
    await expect(object.finish()).rejects.toMatchObject({ code: 'not_found' });
    await object.append(of('x'), 0);
    const finished = await object.finish();
    expect(await object.finish()).toEqual(finished);
  });

  test('an object of no bytes begins by an empty body', async () => {
    const { store, key, object } = newObject();
    expect(await object.append(of(), 0)).toBe(0);
    expect(await object.size()).toBe(0);
    expect(await object.finish()).toMatchObject({ bytes: 0 });
    expect(await text((await store.get(key)).body)).toBe('');
  });

  test('what is discarded begins again from nothing, and leaves a finished object', async () => {
    const { store, key, object } = newObject();
    await object.discard();
    await object.append(of('a'.repeat(6 * MIB)), 0);
    await object.append(of('b'), 6 * MIB);
    await object.discard();
    expect(await object.size()).toBeNull();
    expect(await object.append(of('new'), 0)).toBe(3);
    await object.finish();
    await object.discard();
    expect(await text((await store.get(key)).body)).toBe('new');
  });

  test('an object stays as it is until another one under its key is finished', async () => {
    const { store, key, object } = newObject();
    const before = await store.put(key, Buffer.from('before'));
    await object.append(of('after!'), 0);
    expect(await store.head(key)).toMatchObject(before);
    const after = await object.finish();
    expect(after.etag).not.toBe(before.etag);
    expect(await text((await store.get(key)).body)).toBe('after!');
  });
}
