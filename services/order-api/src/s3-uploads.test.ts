import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedUpload, Problem, Upload } from '@spillway/contracts';
import { startTestS3, type TestS3 } from '@spillway/storage/testing';
import { uploadKey } from './domain/upload.ts';
import { ask, startTestApi, type TestApi } from './testing/api.ts';

let s3: TestS3;
let api: TestApi;
beforeAll(async () => {
  s3 = await startTestS3('media');
  api = await startTestApi({}, await s3.openStorage('media'));
});
afterAll(async () => {
  await api.close();
  await s3.close();
});

const file = randomBytes(9 * 1024 * 1024);

async function make(body: object = { bytes: file.length }) {
  const made = await ask<CreatedUpload>(`${api.url}/v1/uploads`, { body });
  expect(made.status).toBe(201);
  return { ...made.body, url: made.body.url ?? '' };
}

/** What a browser does with the addresses of the parts. */
async function sendParts({ parts }: CreatedUpload): Promise<string[]> {
  const etags = [];
  for (const [index, url] of (parts?.urls ?? []).entries()) {
    const { bytes = 0 } = parts ?? {};
    const body = file.subarray(index * bytes, (index + 1) * bytes);
    const sent = await fetch(url, { method: 'PUT', body });
    etags.push(sent.headers.get('etag') ?? '');
  }
  return etags;
}

const complete = (url: string, etags: string[]) =>
  ask<Upload & Pick<Problem, 'type'>>(`${url}/complete`, { body: { etags } });

const stored = async (id: string): Promise<Buffer> =>
  await buffer((await api.storage.get(uploadKey(id))).body);

test('a file is put into the object store beside us, and an order takes it', async () => {
  const upload = await make();
  expect(upload.parts).toMatchObject({ bytes: 8 * 1024 * 1024, urls: { length: 2 } });
  const etags = await sendParts(upload);
  const done = await complete(upload.url, etags);
  expect(done.body).toMatchObject({
    id: upload.id,
    status: 'complete',
    receivedBytes: file.length,
  });
  expect(file.equals(await stored(upload.id))).toBe(true);
  expect((await complete(upload.url, etags)).body).toMatchObject({ status: 'complete' });
  const order = { source: { uploadId: upload.id } };
  expect((await ask(`${api.url}/v1/orders`, { body: order })).status).toBe(202);
});

test('parts that are missing do not complete an upload, and those that come then do', async () => {
  const upload = await make();
  const etags = await sendParts(upload);
  const wrong = await complete(upload.url, etags.slice(1));
  expect([wrong.status, wrong.body.type.split('/').at(-1)]).toEqual([409, 'upload-parts-wrong']);
  expect((await complete(upload.url, [])).status).toBe(422);
  expect((await complete(`${upload.url}x`, etags)).status).toBe(404);
  expect((await complete(upload.url, etags)).status).toBe(200);
});

test('a file may still come to us, also in S3', async () => {
  const { id, url } = await make();
  const sent = await fetch(url, { method: 'PUT', body: file });
  expect(await sent.json()).toMatchObject({ status: 'complete' });
  expect(file.equals(await stored(id))).toBe(true);
});

test('an upload of a length that nobody knows has no parts', async () => {
  expect((await make({})).parts).toBeNull();
});

test('a page of another origin may complete its upload', async () => {
  const { url } = await make();
  const preflight = await fetch(`${url}/complete`, { method: 'OPTIONS' });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
});
