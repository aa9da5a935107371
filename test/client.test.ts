import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApiError, type Order, SpillwayClient, UnreachableError } from '@spillway/client';
import { makeClip } from '@spillway/media/testing';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

let folder: string;
let spillway: SpillwayProcess;
let client: SpillwayClient;
let clip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-client-'));
  spillway = await startSpillway(join(folder, 'data'));
  client = new SpillwayClient({ url: spillway.url });
  clip = await makeClip({ folder });
});
afterAll(async () => {
  await spillway.stop();
  await rm(folder, { recursive: true });
});

test('a file is uploaded, ordered and followed to its end', async () => {
  const file = new Blob([await readFile(clip)]);
  const uploadId = await client.upload(file, { filename: 'clip.mp4' });
  const { id } = await client.placeOrder({ source: { uploadId }, metadata: { album: '7' } });
  const statuses: Order['status'][] = [];
  const ended = await client.followOrder(id, { onChange: ({ status }) => statuses.push(status) });
  expect(ended).toMatchObject({ id, status: 'completed', metadata: { album: '7' } });
  expect(statuses.at(-1)).toBe('completed');
  expect(await client.getOrder(id)).toEqual(ended);
});

test('the same key with the same body orders once', async () => {
  const body = { source: { url: 'https://media.example.com/holiday.mp4' } };
  const first = await client.placeOrder(body, 'a-key');
  expect((await client.placeOrder(body, 'a-key')).id).toBe(first.id);
  expect((await client.placeOrder(body)).id).not.toBe(first.id);
});

test('a refusal is an error with the sentence and the kind of its problem', async () => {
  const refused = client.placeOrder({ source: { url: 'ftp://media.example.com/holiday.mp4' } });
  await expect(refused).rejects.toBeInstanceOf(ApiError);
  await expect(refused).rejects.toMatchObject({ status: 422, kind: 'invalid-body' });
  await expect(refused).rejects.toThrow(/source\.url/);
});

test('a server that is not there is told from one that refuses', async () => {
  const elsewhere = new SpillwayClient({ url: 'http://127.0.0.1:9' });
  await expect(elsewhere.getOrder('ord_x')).rejects.toBeInstanceOf(UnreachableError);
});
