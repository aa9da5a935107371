import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { attemptPrefix, type Job, newAttemptId, type Order } from '@spillway/contracts';
import { ask, startTestApi, type TestApi } from './testing/api.ts';
import { planOfChunks, progressed, succeeded } from './testing/orders.ts';

let api: TestApi;
let clip: string;
beforeAll(async () => {
  api = await startTestApi();
  const file = path.join(api.folder, 'clip.mp4');
  await writeFile(file, 'not looked at');
  clip = pathToFileURL(file).href;
});
afterAll(() => api.close());

/** An order of three chunks and sound, its jobs sent. */
async function plannedOrder() {
  const { body: order } = await ask(`${api.url}/v1/orders`, { body: { source: { url: clip } } });
  const { job } = await api.job(order.id, 'prepare');
  await api.tell(succeeded(job, { plan: planOfChunks(3) }));
  const audio = (await api.job(order.id, 'encode-audio')).job;
  const chunks: Job[] = [];
  for (const index of [0, 1, 2]) chunks.push((await api.job(order.id, 'encode-chunk', index)).job);
  return { order, audio, chunks, playback: `${api.url}/v1/orders/${order.id}/playback` };
}

const put = (prefix: string, names: readonly string[]) =>
  Promise.all(names.map((name) => api.storage.put(prefix + name, Buffer.from(name))));

/** A worker makes a chunk: its files, then its result. */
async function makeChunk(job: Job): Promise<string> {
  const attemptId = newAttemptId();
  const prefix = attemptPrefix(job.orderId, job.kind, job.index, attemptId);
  const segment = `240p/0000${job.index + 1}.m4s`;
  await put(prefix, ['240p/init.mp4', segment, 'poster.jpg', 'report.json']);
  await api.tell(succeeded(job, { attemptId }));
  return prefix;
}

async function orderWhen(id: string, holds: (order: Order) => boolean): Promise<Order> {
  for (;;) {
    const { body } = await ask(`${api.url}/v1/orders/${id}`);
    if (holds(body)) return body;
  }
}

const textOf = async (url: string): Promise<string> => (await fetch(url)).text();
const segmentsOf = (playlist: string): string[] =>
  playlist.split('\n').filter((line) => line.endsWith('.m4s'));
const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

async function playlistOf(url: string, segments: number): Promise<string> {
  for (;;) {
    const playlist = await textOf(url);
    if (segmentsOf(playlist).length === segments) return playlist;
  }
}

test('an order in chunks plays while it is being encoded, and then for good', async () => {
  const { order, audio, chunks, playback } = await plannedOrder();
  const [first, second, third] = chunks as [Job, Job, Job];
  expect(await statusOf(`${playback}/master.m3u8`)).toBe(404);

  const soundAttempt = newAttemptId();
  const soundPrefix = attemptPrefix(order.id, 'encode-audio', 0, soundAttempt);
  await put(soundPrefix, ['audio/init.mp4', 'audio/00001.m4s']);
  await api.tell(progressed(audio, 0.3, soundAttempt, 1));
  await makeChunk(third);
  await makeChunk(first);
  const early = await orderWhen(order.id, ({ playableAt }) => playableAt !== null);
  expect(early).toMatchObject({ status: 'running', playback: { ready: true } });

  const master = await fetch(`${playback}/master.m3u8`);
  expect(master.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
  expect(master.headers.get('cache-control')).toBe('no-cache');
  expect(master.headers.get('access-control-allow-origin')).toBe('*');
  expect(await master.text()).toMatch(/TIME-OFFSET=0.*240p\/playlist.m3u8/s);

  const video = `${playback}/240p/playlist.m3u8`;
  // The third chunk is there, the second is not: nothing is played over a gap.
  const beginning = await playlistOf(video, 1);
  expect(beginning).toMatch(/#EXT-X-PLAYLIST-TYPE:EVENT/);
  const sound = `${playback}/audio/playlist.m3u8`;
  for (const list of [video, sound]) {
    const text = await textOf(list);
    const addresses = [/URI="([^"]+)"/.exec(text)?.[1] ?? '', ...segmentsOf(text)];
    for (const address of addresses) {
      const file = await fetch(new URL(address, list));
      expect(file.status).toBe(200);
      expect(file.headers.get('cache-control')).toMatch(/immutable/);
    }
  }
  expect(await textOf(`${playback}/poster.jpg`)).toBe('poster.jpg');

  await makeChunk(second);
  const whole = await playlistOf(video, 3);
  expect(whole.startsWith(beginning)).toBe(true);

  await api.tell(succeeded(audio, { attemptId: soundAttempt }));
  const { job: packaging } = await api.job(order.id, 'package');
  const attemptId = newAttemptId();
  await put(attemptPrefix(order.id, 'package', 0, attemptId), ['master.m3u8']);
  await api.tell(succeeded(packaging, { attemptId }));
  await orderWhen(order.id, ({ status }) => status === 'completed');
  expect(await textOf(`${playback}/master.m3u8`)).toBe('master.m3u8');
  expect(await textOf(`${playback}/poster.jpg`)).toBe('poster.jpg');
});

test('captions can be chosen while the rest is made, and are as long as what plays', async () => {
  const captions = [{ url: 'http://127.0.0.1/en.srt', language: 'EN', label: 'English' }];
  const { body: order } = await ask(`${api.url}/v1/orders`, {
    body: { source: { url: clip }, outputs: { captions } },
  });
  expect(order).toMatchObject({
    stage: 'ingest',
    outputs: { captions: [{ language: 'en', label: 'English', default: false }] },
  });
  const { job: bringing } = await api.job(order.id, 'ingest', 1);
  expect(bringing).toMatchObject({ url: captions[0]?.url, language: 'en' });
  await api.tell(succeeded(bringing));
  const { job: preparing } = await api.job(order.id, 'prepare');
  const attemptId = newAttemptId();
  await put(attemptPrefix(order.id, 'prepare', 0, attemptId), ['captions-1-en/00001.vtt']);
  await api.tell(succeeded(preparing, { attemptId, plan: planOfChunks(2, false) }));
  await makeChunk((await api.job(order.id, 'encode-chunk', 0)).job);
  await orderWhen(order.id, ({ playableAt }) => playableAt !== null);

  const playback = `${api.url}/v1/orders/${order.id}/playback`;
  expect(await textOf(`${playback}/master.m3u8`)).toContain('NAME="English",LANGUAGE="en"');
  const list = `${playback}/captions-1-en/playlist.m3u8`;
  const playlist = await textOf(list);
  const segments = playlist.split('\n').filter((line) => line.endsWith('.vtt'));
  expect(segments).toHaveLength(1);
  const segment = await fetch(new URL(segments[0] ?? '', list));
  expect(segment.headers.get('content-type')).toMatch(/^text\/vtt/);
  expect(await segment.text()).toBe('captions-1-en/00001.vtt');
});

test('files of attempts are segments and pictures of the order, nothing else', async () => {
  const { order, chunks } = await plannedOrder();
  const prefix = await makeChunk(chunks[0] as Job);
  const attempt = prefix.split('/').at(-2);
  const base = `${api.url}/v1/orders/${order.id}`;
  expect(await statusOf(`${base}/${attempt}/240p/00001.m4s`)).toBe(200);
  for (const path of [
    `${attempt}/report.json`,
    `${attempt}/240p/00002.m4s`,
    `${attempt}/..%2F${attempt}/240p/00001.m4s`,
    'encode-chunk-0-att_01JD3Q5ZK7R8M2N4P6S8T0V1W2/240p/00001.m4s',
    'ingest-0-att_01JD3Q5ZK7R8M2N4P6S8T0V1W2/source.mp4',
  ]) {
    expect(await statusOf(`${base}/${path}`)).toBe(404);
  }
});

test('an order that failed while it played has no stream any more, until a retry has mended it', async () => {
  const { order, audio, chunks, playback } = await plannedOrder();
  const [first, second, third] = chunks as [Job, Job, Job];
  await api.tell(succeeded(audio));
  await makeChunk(first);
  await orderWhen(order.id, ({ playableAt }) => playableAt !== null);
  await ask(`${api.url}/v1/orders/${order.id}/cancel`, { method: 'POST' });
  expect(await statusOf(`${playback}/master.m3u8`)).toBe(404);
  const { status, body } = await ask(`${api.url}/v1/orders/${order.id}/retry`, { method: 'POST' });
  expect({ status, body }).toMatchObject({
    status: 202,
    body: { status: 'running', endedAt: null, playback: { ready: true } },
  });
  expect(segmentsOf(await textOf(`${playback}/240p/playlist.m3u8`))).toHaveLength(1);
  for (const { index } of [second, third]) {
    const sent = await api.job(order.id, 'encode-chunk', index, 1);
    await makeChunk(sent.job);
  }
  expect((await api.job(order.id, 'package', 0, 1)).job).toMatchObject({
    chunkPrefixes: { length: 3 },
  });
});
