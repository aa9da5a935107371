import { mkdir, mkdtemp, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { testObjectStore } from '../conformance/index.ts';
import { openStorage } from '../open.ts';
import type { Storage } from '../port.ts';
import { translate } from './errors.ts';

const temporaryFolder = () => mkdtemp(join(tmpdir(), 'spillway-storage-'));

testObjectStore('the file store', async () => {
  const folder = await temporaryFolder();
  return {
    store: await openStorage(`file://${folder}`),
    close: () => rm(folder, { recursive: true }),
  };
});

let folder: string;
let root: string;
let store: Storage;
beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder, 'store');
  store = await openStorage(`file://${root}`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each([
  's3:bucket',
  's3://Bucket',
  's3://bucket?x',
  'http://bucket',
  'data',
  'file:data',
  'file://host/data',
])('refuses the address %j with a plain sentence', async (url) => {
  await expect(openStorage(url)).rejects.toThrow(/^STORAGE_URL: ".*" is not /);
});

test('an object is a file that other programs read', async () => {
  await store.put('a/b', Buffer.from('x'));
  expect(await store.pathOf('a/b')).toBe(join(root, 'objects/a/b'));
});

test('follows no symbolic link out of the root', async () => {
  const outside = join(folder, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'secret'), 'secret');
  await symlink(outside, join(root, 'objects/link'));
  await symlink(join(outside, 'secret'), join(root, 'objects/secret'));
  const refused = { code: 'invalid_key' };
  await expect(store.get('link/secret')).rejects.toMatchObject(refused);
  await expect(store.head('link/secret')).rejects.toMatchObject(refused);
  await expect(store.put('link/new/x', Buffer.from('x'))).rejects.toMatchObject(refused);
  await expect(store.deletePrefix('link/')).rejects.toMatchObject(refused);
  await expect(store.get('secret')).rejects.toMatchObject(refused);
  expect(await Readable.from(store.list('')).toArray()).toEqual([]);
  await store.deletePrefix('');
  expect(await readdir(outside)).toEqual(['secret']);
});

test('an object in the place of a folder, or the other way round, is refused', async () => {
  await store.put('a', Buffer.from('a'));
  await store.put('b/c', Buffer.from('c'));
  await expect(store.put('a/b', Buffer.from('x'))).rejects.toMatchObject({ code: 'invalid_key' });
  await expect(store.put('b', Buffer.from('x'))).rejects.toMatchObject({ code: 'invalid_key' });
});

test('leaves no empty folder behind a deletion', async () => {
  await store.put('orders/1/a/b', Buffer.from('x'));
  await store.put('orders/2/a', Buffer.from('x'));
  await store.deletePrefix('orders/1/');
  expect(await readdir(join(root, 'objects/orders'))).toEqual(['2']);
  await store.deletePrefix('orders/2/a');
  expect(await readdir(join(root, 'objects'))).toEqual([]);
});

test('leaves nothing of a body that broke', async () => {
  const broken = Readable.from(
    (async function* () {
      yield 'half';
      throw new Error('gone');
    })(),
  );
  await expect(store.put('x', broken)).rejects.toThrow('gone');
  expect(await readdir(join(root, 'incoming'))).toEqual([]);
});

test('what a crash left is no object, and is removed at a later start when it is old', async () => {
  const names = ['old', 'young'].map((name) => join(root, 'incoming', name));
  for (const name of names) await writeFile(name, 'half');
  const yesterday = new Date(Date.now() - 86_400_000);
  await utimes(join(root, 'incoming/old'), yesterday, yesterday);
  expect(await Readable.from(store.list('')).toArray()).toEqual([]);
  await openStorage(`file://${root}`);
  expect(await readdir(join(root, 'incoming'))).toEqual(['young']);
});

test('what came of an object in pieces is there for another process', async () => {
  await store.resumable('film').append(Readable.from(['half']), 0);
  const reopened = await openStorage(`file://${root}`);
  expect(await reopened.resumable('film').append(Readable.from([' and half']), 4)).toBe(13);
  await reopened.resumable('film').finish();
  expect(await store.head('film')).toMatchObject({ bytes: 13 });
  expect(await readdir(join(root, 'resumable'))).toEqual([]);
});

test('pieces stay when they cannot be moved into place', async () => {
  await store.put('a', Buffer.from('a'));
  const refused = store.resumable('a/b');
  await refused.append(Readable.from(['x']), 0);
  await expect(refused.finish()).rejects.toMatchObject({ code: 'invalid_key' });
  expect(await refused.size()).toBe(1);
});

test('a root that went away is unavailable, not empty, and works again when it is back', async () => {
  await store.put('a/x', Buffer.from('x'));
  await rename(root, `${root}-away`);
  const away = { code: 'unavailable' };
  await expect(store.put('a/y', Buffer.from('y'))).rejects.toMatchObject(away);
  await expect(store.get('a/x')).rejects.toMatchObject(away);
  await expect(store.head('a/x')).rejects.toMatchObject(away);
  await expect(store.pathOf('a/x')).rejects.toMatchObject(away);
  await expect(store.deletePrefix('a/')).rejects.toMatchObject(away);
  const pieces = store.resumable('a/z');
  await expect(pieces.size()).rejects.toMatchObject(away);
  await expect(pieces.append(Readable.from(['z']), 0)).rejects.toMatchObject(away);
  await expect(pieces.finish()).rejects.toMatchObject(away);
  await expect(Readable.from(store.list('')).toArray()).rejects.toMatchObject(away);
  // An empty mount point in its place is not the store either.
  await mkdir(root);
  await expect(store.head('a/x')).rejects.toMatchObject(away);
  await expect(store.put('a/y', Buffer.from('y'))).rejects.toMatchObject(away);
  await rm(root, { recursive: true });
  await rename(`${root}-away`, root);
  await store.put('a/y', Buffer.from('y'));
  expect(await store.head('a/x')).toMatchObject({ bytes: 1 });
});

test('a file where the root should be is unavailable', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(openStorage(`file://${file}`)).rejects.toMatchObject({ code: 'unavailable' });
});

test.each([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EACCES', 'unavailable'],
  ['EROFS', 'unavailable'],
  ['EIO', 'unavailable'],
])('%s of the file system is told as %s', (code, told) => {
  const error = Object.assign(new Error(code), { code, syscall: 'write' });
  expect(translate(error, 'x')).toMatchObject({ code: told, cause: error });
});
