// Captions from an order to what a player reads, over HTTP only.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Order, QcReport } from '@spillway/contracts';
import { findFfmpeg } from '@spillway/media';
import { makeClip } from '@spillway/media/testing';
import { type FileServer, serveFiles } from './support/file-server.ts';
import { acceptedOrder, orderEnd } from './support/orders.ts';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

const run = promisify(execFile);
const english = [
  '1\n00:00:00,500 --> 00:00:02,000\n<font color="red">Hello</font> & <i>welcome</i>\n',
  '2\n00:00:03,500 --> 00:00:09,250\nOver two boundaries\n',
  '3\n00:00:09,500 --> 00:00:10,000\nThe end\n',
].join('\n');
const german = 'WEBVTT\n\n00:04.000 --> 00:05.000 line:0\nGrüße\n';

let folder: string;
let clip: string;
let server: FileServer;
let spillway: SpillwayProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-captions-'));
  server = await serveFiles({ 'en.srt': english, 'bad.srt': `${english}\n4\n00:00:11,000 -->\n` });
  spillway = await startSpillway(join(folder, 'data'));
  clip = pathToFileURL(await makeClip({ seconds: 10, folder })).href;
});

afterAll(async () => {
  await spillway?.stop();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function upload(body: string): Promise<string> {
  const made = await fetch(`${spillway.url}/v1/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { id, url } = (await made.json()) as { id: string; url: string };
  expect((await fetch(url, { method: 'PUT', body })).ok).toBe(true);
  return id;
}

const textOf = async (url: string | URL): Promise<string> => (await fetch(url)).text();

async function orderWith(captions: readonly object[]): Promise<Order> {
  const body = { source: { url: clip }, outputs: { captions } };
  const { id } = await acceptedOrder(spillway.url, body);
  return orderEnd(spillway.url, id);
}

test('WebVTT and SRT, fetched and uploaded, are tracks of HLS and DASH', async () => {
  const order = await orderWith([
    { url: `${server.url}/en.srt`, language: 'en', label: 'English', default: true },
    { uploadId: await upload(german), language: 'DE' },
  ]);
  expect(order).toMatchObject({ status: 'completed', warnings: [], error: null });
  const { hlsUrl, dashUrl } = order.playback ?? {};

  const { ffmpegPath, ffprobePath } = await findFfmpeg();
  const srtOf = async (path: string) =>
    (await run(ffmpegPath, ['-v', 'error', '-i', path, '-f', 'srt', '-'])).stdout;
  const playlist = new URL('captions-1-en/playlist.m3u8', hlsUrl ?? '');
  const segments = (await textOf(playlist)).split('\n').filter((line) => line.endsWith('.vtt'));
  expect(segments).toHaveLength(3);
  const [first = '', second = '', third = ''] = await Promise.all(
    segments.map((segment) => textOf(new URL(segment, playlist))),
  );
  const cues = (text: string) => text.match(/^[\d:.]+ --> .*$/gm)?.length;
  expect([first, second, third].map(cues)).toEqual([2, 1, 2]);
  expect(first).toContain('\nHello &amp; <i>welcome</i>\n');

  const manifest = await textOf(dashUrl ?? '');
  const files = [...manifest.matchAll(/<BaseURL>([^<]+)</g)].map(([, uri = '']) => uri);
  const all = await srtOf(new URL(files[0] ?? '', dashUrl ?? '').href);
  expect(all.match(/-->/g)).toHaveLength(3);
  expect(all).toContain('00:00:03,500 --> 00:00:09,250\nOver two boundaries');
  expect(await srtOf(new URL(files[1] ?? '', dashUrl ?? '').href)).toContain('Grüße');

  const args = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0'];
  const { stdout } = await run(ffprobePath, [...args, hlsUrl ?? '']);
  expect(stdout.match(/^h264/gm)?.length).toBeGreaterThan(0);
  const qc = JSON.parse(await textOf(new URL('qc.json', hlsUrl ?? ''))) as QcReport;
  expect(qc).toMatchObject({
    passed: true,
    captions: [
      { language: 'en', cues: 3 },
      { language: 'de', cues: 1 },
    ],
  });
});

test('captions that are none end their order at once, and it says where', async () => {
  const order = await orderWith([
    { url: `${server.url}/en.srt`, language: 'en' },
    { url: `${server.url}/bad.srt`, language: 'de' },
  ]);
  expect(order).toMatchObject({
    status: 'failed',
    error: {
      code: 'captions_invalid',
      message: expect.stringMatching(/^Captions 2 \(de\): line 14: these are no times/),
    },
  });
});
