// A file that is sent to us becomes a stream that plays.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Upload } from '@spillway/contracts';
import { makeClip } from '@spillway/media/testing';
import { acceptedOrder, orderEnd } from './support/orders.ts';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

let folder: string;
let spillway: SpillwayProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
  spillway = await startSpillway(join(folder, 'data'));
});
afterAll(async () => {
  await spillway?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function uploaded(body: Buffer): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const made = await fetch(`${spillway.url}/v1/uploads`, { method: 'POST', headers, body: '{}' });
  const { id, url } = (await made.json()) as Upload;
  expect((await fetch(url ?? '', { method: 'PUT', body })).status).toBe(200);
  return id;
}

test('a film and its captions are uploaded, ordered and played', async () => {
  const clip = await makeClip({ seconds: 2, folder });
  const film = await uploaded(await readFile(clip));
  const captions = await uploaded(Buffer.from('1\n00:00:00,500 --> 00:00:01,500\nHello\n'));
  const { id } = await acceptedOrder(spillway.url, {
    source: { uploadId: film },
    outputs: { captions: [{ uploadId: captions, language: 'en' }] },
  });
  const order = await orderEnd(spillway.url, id);
  expect(order).toMatchObject({ status: 'completed', error: null, source: { uploadId: film } });
  const playlist = await (await fetch(order.playback?.hlsUrl ?? '')).text();
  expect(playlist).toContain('TYPE=SUBTITLES');
  expect(playlist).toContain('#EXT-X-STREAM-INF');
});

test('what is not a video fails its order with the reason', async () => {
  const upload = await uploaded(Buffer.from('not a video'));
  const { id } = await acceptedOrder(spillway.url, { source: { uploadId: upload } });
  const { status, error } = await orderEnd(spillway.url, id);
  expect([status, error?.retryable]).toEqual(['failed', false]);
});
