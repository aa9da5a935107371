// Spillway with its objects in S3, sources and destinations in a customer's bucket, over HTTP only.
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedUpload } from '@spillway/contracts';
import { ffmpegForTest, makeClip } from '@spillway/media/testing';
import { startTestS3, type TestS3 } from '@spillway/storage/testing';
import { acceptedOrder, orderEnd, postOrder, problemOf } from './support/orders.ts';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

let folder: string;
let clip: string;
let s3: TestS3;
let spillway: SpillwayProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-s3-'));
  s3 = await startTestS3('media', 'acme');
  spillway = await startSpillway(join(folder, 'data'), {
    STORAGE_URL: 's3://media/spillway',
    SPILLWAY_S3_PUBLIC_URL: s3.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  clip = await makeClip({ seconds: 4, folder });
  await s3.buckets('acme').put('in/holiday.mp4', createReadStream(clip));
  await put(`${spillway.url}/v1/customers/default`, {
    sourcePrefixes: ['s3://acme/in/'],
    destinationPrefixes: ['s3://acme/out/'],
  });
});
afterAll(async () => {
  await spillway?.stop();
  await s3?.close();
  await rm(folder, { recursive: true, force: true });
});

async function put(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

const post = async (url: string, body: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.ok).toBe(true);
  return await response.json();
};

/** Frames that a player gets, all the way to the end. */
async function framesOf(address: string): Promise<number> {
  const said = await ffmpegForTest(['-i', address, '-map', '0:v:0', '-f', 'null', '-']);
  return Number(/frame=\s*(\d+)(?!.*frame=)/s.exec(said)?.[1]);
}

test('a source in a bucket of the customer is encoded, played from here, and delivered there', async () => {
  const accepted = await acceptedOrder(spillway.url, {
    source: { url: 's3://acme/in/holiday.mp4' },
    outputs: { destination: 's3://acme/out/holiday/' },
  });
  const order = await orderEnd(spillway.url, accepted.id);
  expect(order).toMatchObject({
    status: 'completed',
    outputs: { destination: 's3://acme/out/holiday/' },
    delivery: { url: 's3://acme/out/holiday/playback/' },
  });
  expect(await framesOf(order.playback?.hlsUrl ?? '')).toBe(100);
  const delivered = `${s3.url}/acme/out/holiday/playback/master.m3u8`;
  expect(await framesOf(delivered)).toBe(100);
});

test('a file that was put into our bucket by its sender is ordered', async () => {
  const bytes = await readFile(clip);
  const asked = await post(`${spillway.url}/v1/uploads`, { bytes: bytes.length });
  const { id, url, parts } = asked as CreatedUpload;
  const sent = await fetch(parts?.urls[0] ?? '', { method: 'PUT', body: new Uint8Array(bytes) });
  await post(`${url}/complete`, { etags: [sent.headers.get('etag')] });
  const accepted = await acceptedOrder(spillway.url, { source: { uploadId: id } });
  expect(await orderEnd(spillway.url, accepted.id)).toMatchObject({ status: 'completed' });
});

test.each([
  ['source.url', { source: { url: 's3://acme/secret.mp4' } }],
  ['source.url', { source: { url: 's3://acme/in/../secret.mp4' } }],
  [
    'outputs.destination',
    { source: { url: 's3://acme/in/holiday.mp4' }, outputs: { destination: 's3://acme/in/' } },
  ],
])("a bucket that is not the customer's to name is refused: %s", async (field, body) => {
  const response = await postOrder(spillway.url, body);
  expect(response.status).toBe(422);
  expect((await problemOf(response)).errors?.[0]).toMatchObject({ field });
});

test('a source that is not there is a typed failure', async () => {
  const source = { url: 's3://acme/in/nothing.mp4' };
  const { id } = await acceptedOrder(spillway.url, { source });
  const error = { code: 'source_not_found', retryable: false };
  expect(await orderEnd(spillway.url, id)).toMatchObject({ status: 'failed', error });
});
