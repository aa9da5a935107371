import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUploadId, type Order, type Problem, type Upload } from '@spillway/contracts';
import { Upload as TusUpload } from 'tus-js-client';
import { uploadKey } from './domain/upload.ts';
import { ask, startTestApi, type TestApi } from './testing/api.ts';
import { beginUpload } from './testing/slow-upload.ts';

const TUS = { 'tus-resumable': '1.0.0' };
const OFFSET = { ...TUS, 'content-type': 'application/offset+octet-stream' };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Made extends Upload {
  readonly url: string;
}

async function make(body: object = {}): Promise<Made> {
  const { status, body: upload } = await ask<Upload>(`${api.url}/v1/uploads`, { body });
  expect(status).toBe(201);
  if (upload.url === null) throw new Error('no address');
  return { ...upload, url: upload.url };
}

const read = async (id: string): Promise<Upload> =>
  (await ask<Upload>(`${api.url}/v1/uploads/${id}`)).body;

const stored = async (id: string): Promise<Buffer> =>
  await buffer((await api.storage.get(uploadKey(id))).body);

/** Looks until so many bytes have come. */
async function untilReceived(id: string, bytes: number): Promise<void> {
  while ((await read(id)).receivedBytes < bytes) await delay(5);
}

async function problemOf(response: Response) {
  const { type, status } = (await response.json()) as Problem;
  expect(status).toBe(response.status);
  return [status, type.split('/').at(-1)];
}

const place = (source: object, outputs: object = {}) =>
  ask<Order & Pick<Problem, 'errors'>>(`${api.url}/v1/orders`, { body: { source, outputs } });

test('an upload is made, sent by one PUT without a key, and complete', async () => {
  const bytes = randomBytes(3_000_000);
  const upload = await make({ filename: 'holiday.mp4', bytes: bytes.length });
  expect(upload).toMatchObject({
    status: 'waiting',
    filename: 'holiday.mp4',
    bytes: bytes.length,
    receivedBytes: 0,
    completedAt: null,
  });
  expect(upload.url).toMatch(new RegExp(`^${api.url}/v1/uploads/${upload.id}/[\\w-]{43}$`));
  const sent = await fetch(upload.url, { method: 'PUT', body: bytes });
  expect(sent.status).toBe(200);
  const complete = { status: 'complete', url: null, receivedBytes: bytes.length };
  expect(await sent.json()).toMatchObject(complete);
  expect(await read(upload.id)).toMatchObject(complete);
  expect(bytes.equals(await stored(upload.id))).toBe(true);
  expect(await api.registry.metrics()).toContain(`spillway_upload_bytes_total ${bytes.length}`);
});

test('a body of no declared length is complete when it ends', async () => {
  const { id, url } = await make();
  const body = Readable.toWeb(Readable.from([Buffer.from('a'), Buffer.from('bc')]));
  const sent = await fetch(url, { method: 'PUT', body: body as ReadableStream, duplex: 'half' });
  expect(await sent.json()).toMatchObject({ id, status: 'complete', bytes: 3 });
});

test('a PUT that breaks off is sent again from its first byte', async () => {
  const bytes = randomBytes(500_000);
  const { id, url } = await make({ bytes: bytes.length });
  const broken = beginUpload(url, 'PUT', { 'content-length': bytes.length });
  await broken.write(bytes.subarray(0, 100_000));
  await untilReceived(id, 100_000);
  broken.cut();
  expect(await read(id)).toMatchObject({ status: 'waiting', receivedBytes: 100_000 });
  expect((await fetch(url, { method: 'PUT', body: bytes })).status).toBe(200);
  expect(bytes.equals(await stored(id))).toBe(true);
});

test('one who comes again takes over from the connection that died unnoticed', async () => {
  const bytes = randomBytes(200_000);
  const { id, url } = await make({ bytes: bytes.length });
  const dead = beginUpload(url, 'PUT', { 'content-length': bytes.length });
  await dead.write(bytes.subarray(0, 50_000));
  await untilReceived(id, 50_000);
  expect((await fetch(url, { method: 'PUT', body: bytes })).status).toBe(200);
  await dead.over;
  expect(bytes.equals(await stored(id))).toBe(true);
});

test('while another process writes to an upload, nobody else does', async () => {
  const { id, url } = await make();
  await api.database.query(
    `UPDATE uploads SET writer = 'another', writer_until = now() + interval '1 hour' WHERE id = $1`,
    [id],
  );
  const refused = await fetch(url, { method: 'PUT', body: 'x' });
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await problemOf(refused)).toEqual([423, 'upload-busy']);
  expect((await fetch(url, { method: 'HEAD', headers: TUS })).status).toBe(423);
  await api.database.query('UPDATE uploads SET writer_until = now() WHERE id = $1', [id]);
  expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(200);
});

test('a complete upload stays as it is', async () => {
  const { id, url } = await make();
  await fetch(url, { method: 'PUT', body: 'first' });
  const again = await fetch(url, { method: 'PUT', body: 'other' });
  expect(await problemOf(again)).toEqual([409, 'upload-complete']);
  const created = await fetch(url, { method: 'POST', headers: { ...TUS, 'upload-length': '5' } });
  expect(created.status).toBe(409);
  expect((await fetch(url, { method: 'DELETE', headers: TUS })).status).toBe(400);
  expect((await stored(id)).toString()).toBe('first');
});

test('more than was declared is refused', async () => {
  const { id, url } = await make({ bytes: 4 });
  const put = (body: string) => fetch(url, { method: 'PUT', body });
  expect(await problemOf(await put('12345'))).toEqual([413, 'upload-too-large']);
  const tooMuch = beginUpload(url, 'PUT', { 'transfer-encoding': 'chunked' });
  await tooMuch.write(Buffer.from('12345'));
  expect(await tooMuch.end()).toBe(413);
  expect(await read(id)).toMatchObject({ status: 'waiting' });
  expect((await put('1234')).status).toBe(200);
});

test('another file may be sent in place of one that broke off', async () => {
  const { id, url } = await make();
  const broken = beginUpload(url, 'PUT', { 'content-length': 10 });
  await broken.write(Buffer.from('12345'));
  await untilReceived(id, 5);
  broken.cut();
  const created = await fetch(url, { method: 'POST', headers: { ...TUS, 'upload-length': '7' } });
  expect(created.status).toBe(201);
  const head = await fetch(url, { method: 'HEAD', headers: TUS });
  expect(['upload-offset', 'upload-length'].map((name) => head.headers.get(name))).toEqual([
    '0',
    '7',
  ]);
  expect((await fetch(url, { method: 'PUT', body: 'a longer one' })).status).toBe(200);
  expect((await stored(id)).toString()).toBe('a longer one');
});

test('an address that was guessed is that of no upload', async () => {
  const { id, url } = await make();
  const other = await make();
  for (const wrong of [
    url.slice(0, -1) + (url.endsWith('A') ? 'B' : 'A'),
    `${api.url}/v1/uploads/${id}/x`,
    other.url.replace(other.id, id),
    url.replace(id, newUploadId()),
    url.replace(id, 'upl_x'),
  ]) {
    const refused = await fetch(wrong, { method: 'PUT', body: 'x' });
    expect(await problemOf(refused)).toEqual([404, 'upload-not-found']);
  }
});

test('pages of any origin may send', async () => {
  const { url } = await make();
  const origin = { origin: 'https://app.example.com' };
  const asked = await fetch(url, {
    method: 'OPTIONS',
    headers: { ...origin, 'access-control-request-method': 'PUT' },
  });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe('*');
  expect(asked.headers.get('access-control-allow-methods')).toContain('PUT');
  expect(asked.headers.get('tus-extension')).toContain('creation');
  const sent = await fetch(url, { method: 'PUT', body: 'x', headers: origin });
  expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  expect(await problemOf(await fetch(url))).toEqual([405, 'method-not-allowed']);
});

/** By the client that everyone uses. */
function sendByTus(
  bytes: Buffer,
  options: Partial<ConstructorParameters<typeof TusUpload>[1]>,
): { done: Promise<void>; upload: TusUpload } {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const upload = new TusUpload(bytes, {
    retryDelays: [10, 50, 200, 1000],
    ...options,
    onSuccess: () => resolve(),
    onError: reject,
  });
  upload.start();
  return { done, upload };
}

test.each([
  ['creates at the address', {}, (url: string) => ({ endpoint: url })],
  [
    'creates at the address, sending at once',
    { bytes: 1_000_003 },
    (url: string) => ({ endpoint: url, uploadDataDuringCreation: true }),
  ],
  [
    'creates without a length',
    {},
    (url: string) => ({ endpoint: url, uploadLengthDeferred: true }),
  ],
  ['goes on at the address', { bytes: 1_000_003 }, (url: string) => ({ uploadUrl: url })],
])('a tus client that %s sends its file in pieces', async (_how, declared, options) => {
  const bytes = randomBytes(1_000_003);
  const { id, url } = await make(declared);
  const { done, upload } = sendByTus(bytes, { ...options(url), chunkSize: 300_000 });
  await done;
  expect(upload.url).toBe(url);
  expect(await read(id)).toMatchObject({ status: 'complete', bytes: bytes.length });
  expect(bytes.equals(await stored(id))).toBe(true);
});

test('tus goes on where it stood, and after the server was started again', async () => {
  const bytes = randomBytes(400_000);
  const { id, url } = await make();
  const created = await fetch(url, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(bytes.length) },
  });
  expect([created.status, created.headers.get('location')]).toEqual([201, url]);
  expect(created.headers.get('upload-expires')).not.toBeNull();
  const broken = beginUpload(url, 'PATCH', {
    ...OFFSET,
    'upload-offset': 0,
    'content-length': bytes.length,
  });
  await broken.write(bytes.subarray(0, 150_000));
  await untilReceived(id, 150_000);
  broken.cut();
  await api.restart();
  const restarted = new URL(new URL(url).pathname, api.url).href;
  const head = await fetch(restarted, { method: 'HEAD', headers: TUS });
  expect(head.headers.get('upload-offset')).toBe('150000');
  expect(head.headers.get('upload-length')).toBe('400000');
  await sendByTus(bytes, { uploadUrl: restarted }).done;
  expect(bytes.equals(await stored(id))).toBe(true);
});

test('a tus HEAD is answered although the connection that sends is dead', async () => {
  const { id, url } = await make({ bytes: 100_000 });
  const dead = beginUpload(url, 'PATCH', {
    ...OFFSET,
    'upload-offset': 0,
    'content-length': 100_000,
  });
  await dead.write(randomBytes(40_000));
  await untilReceived(id, 40_000);
  const head = await fetch(url, { method: 'HEAD', headers: TUS });
  expect([head.status, head.headers.get('upload-offset')]).toEqual([200, '40000']);
  dead.cut();
});

test('tus is refused bytes beyond the length, and a wrong offset', async () => {
  const { id, url } = await make({ bytes: 4 });
  const patch = (offset: number, body: string) =>
    fetch(url, { method: 'PATCH', body, headers: { ...OFFSET, 'upload-offset': String(offset) } });
  expect((await patch(0, '12345')).status).toBe(413);
  expect((await patch(2, '12')).status).toBe(409);
  const create = (length: number) =>
    fetch(url, { method: 'POST', headers: { ...TUS, 'upload-length': String(length) } });
  expect((await create(5)).status).toBe(413);
  expect((await patch(0, '12')).status).toBe(204);
  expect((await patch(2, '34')).status).toBe(204);
  expect((await stored(id)).toString()).toBe('1234');
});

test('tus sends a file of no bytes, and terminates an upload', async () => {
  const empty = await make();
  await sendByTus(Buffer.alloc(0), { endpoint: empty.url }).done;
  expect(await read(empty.id)).toMatchObject({ status: 'complete', bytes: 0 });
  const { id, url } = await make();
  expect((await fetch(url, { method: 'DELETE', headers: TUS })).status).toBe(204);
  expect((await ask(`${api.url}/v1/uploads/${id}`)).status).toBe(404);
});

test('bytes that were all there when the process died make a complete upload', async () => {
  const { id } = await make({ bytes: 3 });
  await api.storage.resumable(uploadKey(id)).append(Readable.from([Buffer.from('abc')]), 0);
  expect(await read(id)).toMatchObject({ status: 'complete', bytes: 3 });
});

test('so do bytes that had become an object, and nobody had noted it', async () => {
  const { id, url } = await make();
  const object = api.storage.resumable(uploadKey(id));
  await object.append(Readable.from([Buffer.from('abc')]), 0);
  await object.finish();
  expect(await read(id)).toMatchObject({ status: 'complete', bytes: 3 });
  const again = await make();
  await api.storage.put(uploadKey(again.id), Buffer.from('abc'));
  expect((await fetch(again.url, { method: 'PUT', body: 'again' })).status).toBe(200);
  expect((await stored(again.id)).toString()).toBe('again');
  expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(409);
});

test('an order takes a complete upload as its source, as it was then', async () => {
  const { id, url } = await make();
  await fetch(url, { method: 'PUT', body: 'film' });
  const { status, body: order } = await place({ uploadId: id });
  expect(status).toBe(202);
  expect(order.source).toEqual({ uploadId: id });
  expect(JSON.stringify(order)).not.toContain('etag');
  const { job } = await api.job(order.id, 'prepare');
  const etag = (await api.storage.head(uploadKey(id)))?.etag;
  expect(job).toMatchObject({ source: { from: 'object', key: uploadKey(id), etag } });
});

test('an order is refused an upload that is not there, not complete, or empty, by its field', async () => {
  const waiting = await make({ bytes: 5 });
  const empty = await make();
  await fetch(empty.url, { method: 'PUT', body: '' });
  const refusals = [newUploadId(), waiting.id, empty.id].map(async (uploadId) => {
    const { status, body } = await place({ uploadId });
    return [status, body.errors];
  });
  const refused = (message: string) => [422, [{ field: 'source.uploadId', message }]];
  expect(await Promise.all(refusals)).toEqual([
    refused('there is no such upload'),
    refused('the upload is not complete: 0 of 5 bytes have come'),
    refused('the upload has no bytes'),
  ]);
  const captions = [{ language: 'en', uploadId: waiting.id }];
  const { body } = await place({ url: 'https://media.example.com/x' }, { captions });
  expect(body.errors?.map(({ field }) => field)).toEqual(['outputs.captions.0.uploadId']);
});

test('an upload that an order needs is not deleted; any other goes, bytes and all', async () => {
  const { id, url } = await make();
  await fetch(url, { method: 'PUT', body: 'film' });
  const { body: order } = await place({ uploadId: id });
  const remove = () => ask<Problem>(`${api.url}/v1/uploads/${id}`, { method: 'DELETE' });
  expect(await remove()).toMatchObject({ status: 409, body: { status: 409 } });
  await ask(`${api.url}/v1/orders/${order.id}/cancel`, { method: 'POST' });
  expect((await remove()).status).toBe(204);
  expect(await api.storage.head(uploadKey(id))).toBeNull();
  expect((await remove()).status).toBe(404);
});

test('after its time an upload takes nothing more', async () => {
  const { id, url } = await make();
  await api.database.query('UPDATE uploads SET expires_at = now() WHERE id = $1', [id]);
  const refused = await fetch(url, { method: 'PUT', body: 'x' });
  expect(await problemOf(refused)).toEqual([410, 'upload-expired']);
  expect((await fetch(url, { method: 'HEAD', headers: TUS })).status).toBe(410);
  expect(await read(id)).toMatchObject({ status: 'expired', url: null });
});

test('what cannot be an upload is refused', async () => {
  for (const body of [{ bytes: -1 }, { bytes: 1.5 }, { filename: '' }, { colour: 'red' }]) {
    expect((await ask(`${api.url}/v1/uploads`, { body })).status).toBe(422);
  }
  const { status, body } = await ask<Problem>(`${api.url}/v1/uploads`, {
    body: { bytes: 2 ** 50 },
  });
  expect([status, body.type.split('/').at(-1)]).toEqual([413, 'upload-too-large']);
});
