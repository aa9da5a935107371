import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStorage } from '../open.ts';
import type { PartAddresses, Storage } from '../port.ts';
import { startTestS3, type TestS3 } from '../testing/index.ts';

let s3: TestS3;
let store: Storage;
beforeAll(async () => {
  s3 = await startTestS3('media');
  store = await s3.openStorage('media');
});
afterAll(() => s3.close());

const MIB = 1024 * 1024;
const wrong = { code: 'wrong_parts' };

/** What a browser does. */
async function send({ bytes, urls }: PartAddresses, file: Buffer): Promise<string[]> {
  const sent = urls.map(async (url, index) => {
    const body = new Uint8Array(file.subarray(index * bytes, (index + 1) * bytes));
    const response = await fetch(url, { method: 'PUT', body });
    expect(response.status).toBe(200);
    return response.headers.get('etag') ?? '';
  });
  return await Promise.all(sent);
}

async function begun(key: string, bytes: number): Promise<PartAddresses> {
  const parts = await store.resumable(key).beginParts(bytes, 60);
  if (!parts) throw new Error('clients reach the test store');
  return parts;
}

test('clients write the parts of an object, and it is there when they have said so', async () => {
  const file = randomBytes(19 * MIB + 3);
  const parts = await begun('film', file.length);
  expect(parts).toMatchObject({ bytes: 8 * MIB, urls: { length: 3 } });
  const etags = await send(parts, file);
  expect(await store.head('film')).toBeNull();
  const object = store.resumable('film');
  const made = await object.finishParts(etags);
  expect(made).toMatchObject({ key: 'film', bytes: file.length });
  expect(await object.finishParts(etags)).toEqual(made);
  expect(file.equals(await buffer((await store.get('film')).body))).toBe(true);
});

test('an address is of one part of one length, for a while', async () => {
  const { urls } = await begun('signed', 8 * MIB + 5);
  const asked = urls.map((url) => new URL(url).searchParams);
  expect(asked.map((query) => query.get('partNumber'))).toEqual(['1', '2']);
  for (const query of asked) {
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;host');
    expect(query.get('X-Amz-Expires')).toBe('60');
  }
});

test('a large file has larger parts, and not more of them', async () => {
  const bytes = 64 * 1024 * MIB;
  const parts = await begun('large', bytes);
  expect(parts.urls).toHaveLength(200);
  expect(parts.bytes * 199).toBeLessThan(bytes);
  expect(parts.bytes * 200).toBeGreaterThanOrEqual(bytes);
});

test('parts that are missing, others, or too short make no object', async () => {
  const object = store.resumable('wrong');
  await expect(object.finishParts(['"x"'])).rejects.toMatchObject(wrong);
  const file = randomBytes(9 * MIB);
  const etags = await send(await begun('wrong', file.length), file);
  await expect(object.finishParts(etags.slice(1))).rejects.toMatchObject(wrong);
  await expect(object.finishParts([...etags, '"x"'])).rejects.toMatchObject(wrong);
  await expect(object.finishParts(etags.toReversed())).rejects.toMatchObject(wrong);
  const short = await send(await begun('wrong', file.length), file.subarray(0, 8 * MIB + 1));
  await expect(object.finishParts(short)).rejects.toMatchObject(wrong);
  expect(await store.head('wrong')).toBeNull();
});

test('whoever sends the bytes to us after all begins anew', async () => {
  const object = store.resumable('after-all');
  const etags = await send(await begun('after-all', 3), Buffer.from('one'));
  await object.discard();
  expect(await object.size()).toBeNull();
  await object.append(Readable.from([Buffer.from('two')]), 0);
  await expect(object.finishParts(etags)).rejects.toMatchObject(wrong);
  await object.finish();
  expect(await text((await store.get('after-all')).body)).toBe('two');
});

test('a store that clients do not reach has no addresses for them', async () => {
  const { publicEndpoint, ...inside } = s3.connection;
  const hidden = await openStorage('s3://media', inside);
  expect(await hidden.resumable('x').beginParts(1, 60)).toBeNull();
});

test('parts have no checksums, as their uploads are begun without: AWS refuses others', async () => {
  const parts: IncomingHttpHeaders[] = [];
  const proxy = createServer((asked, answer) => {
    const { url = '', method, headers } = asked;
    if (url.includes('partNumber=')) parts.push(headers);
    const passed = request(s3.url + url, { method, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 0, told.headers);
      told.pipe(answer);
    });
    asked.pipe(passed);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  try {
    const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const watched = await openStorage('s3://media', { ...s3.connection, endpoint });
    await watched.resumable('plain').append(Readable.from([randomBytes(9 * MIB)]), 0);
    await watched.resumable('plain').finish();
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
  const names = parts.map((headers) => Object.keys(headers).join(' '));
  expect(names).toHaveLength(2);
  for (const one of names) expect(one).not.toMatch(/checksum/);
});
