// One long video through the real program: playable while it is made, proved whole, and nothing of it done twice.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Order, OrderJob, OrderJobs, QcReport } from '@spillway/contracts';
import { findFfmpeg } from '@spillway/media';
import { makeClip } from '@spillway/media/testing';
import { type FileServer, serveFiles } from './support/file-server.ts';
import { acceptedOrder, orderEnd, orderWhen } from './support/orders.ts';
import { countPrograms, type SpillwayProcess, startSpillway } from './support/spillway.ts';

const run = promisify(execFile);
const TIMEOUT = 240_000;
const FRAMES = 600;
let folder: string;
let film: string;
let spillway: SpillwayProcess;
let server: FileServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-chunked-'));
  // Of the work that is worth two chunks, by the pixels of its five renditions.
  server = await serveFiles({ 'en.srt': '00:00:10,000 --> 00:00:15,000\nOver a seam\n' });
  film = await makeClip({ seconds: 24, width: 1920, height: 1080, folder });
}, TIMEOUT);
afterEach(() => spillway?.stop());
afterAll(() => {
  server?.close();
  return rm(folder, { recursive: true, force: true });
});

const textOf = async (url: string | URL): Promise<string> => (await fetch(url)).text();
const uris = (playlist: string): string[] =>
  playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** Does one thing after the other, so that there is a time between two chunks. */
const oneSlot = { SPILLWAY_ENCODER_SLOTS: '1' };

const orderFilm = async (name: string, settings: Record<string, string>): Promise<Order> => {
  spillway = await startSpillway(join(folder, name), settings);
  const captions = [{ url: `${server.url}/en.srt`, language: 'en' }];
  const source = { url: pathToFileURL(film).href };
  return acceptedOrder(spillway.url, { source, outputs: { captions } });
};

const jobsOf = async (id: string): Promise<OrderJob[]> =>
  (JSON.parse(await textOf(`${spillway.url}/v1/orders/${id}/jobs`)) as OrderJobs).jobs;

async function expectWhole(order: Order): Promise<void> {
  expect(order).toMatchObject({ status: 'completed', progress: 1, error: null, warnings: [] });
  expect(order.renditions.map(({ frames }) => frames)).toEqual(Array(5).fill(FRAMES));
  const hls = new URL(order.playback?.hlsUrl ?? '', spillway.url);
  const qc = JSON.parse(await textOf(new URL('qc.json', hls))) as QcReport;
  expect(qc).toMatchObject({
    ...{ passed: true, seams: { checked: 1, broken: [] } },
    captions: [{ language: 'en', cues: 1 }],
  });
  const { ffmpegPath } = await findFfmpeg();
  const tracks = ['-map', '0:v', '-map', '0:a'];
  const args = ['-v', 'warning', '-i', hls.href, ...tracks, '-f', 'null', '-'];
  expect((await run(ffmpegPath, args)).stderr).toBe('');
}

test(
  'it plays from its start while the rest is made, and kill -9 costs only what was under way',
  async () => {
    const { id } = await orderFilm('data', oneSlot);
    const early = await orderWhen(spillway.url, id, ({ playback }) => playback?.ready === true);
    expect(early).toMatchObject({ status: 'running', playableAt: expect.any(String) });
    const master = new URL(early.playback?.hlsUrl ?? '', spillway.url);
    const text = await textOf(master);
    const captions = /TYPE=SUBTITLES.*URI="([^"]+)"/.exec(text)?.[1] ?? '';
    const media = [captions, ...uris(text)].map((uri) => new URL(uri, master));
    for (const url of media) {
      const playlist = await textOf(url);
      expect(playlist).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
      const [first = ''] = uris(playlist);
      expect((await fetch(new URL(first, url))).status).toBe(200);
    }
    const done = (await jobsOf(id)).filter(({ status }) => status === 'succeeded');
    await spillway.kill();

    spillway = await startSpillway(join(folder, 'data'), oneSlot);
    await expectWhole(await orderEnd(spillway.url, id));
    const after = await jobsOf(id);
    const kept = done.map(({ kind, index }) =>
      after.find((job) => job.kind === kind && job.index === index),
    );
    expect(kept.map((job) => job?.attempts)).toEqual(done.map(({ attempts }) => attempts));
  },
  TIMEOUT,
);

test(
  'a cancel stops every ffmpeg of it',
  async () => {
    const { id } = await orderFilm('canceled', {});
    const running = () => countPrograms(spillway.pid, 'ffmpeg');
    await orderWhen(spillway.url, id, ({ stage }) => stage === 'encode');
    while (running() < 2) await wait(20);
    await fetch(`${spillway.url}/v1/orders/${id}/cancel`, { method: 'POST' });
    while (running() > 0) await wait(20);
    expect((await orderEnd(spillway.url, id)).status).toBe('canceled');
  },
  TIMEOUT,
);

test(
  'npm run encode puts all of it into one folder that plays by itself',
  async () => {
    const program = join(import.meta.dirname, '../services/standalone/src/encode.ts');
    const out = join(folder, 'out');
    await run(process.execPath, [program, film, '--out', out]);
    const { ffmpegPath } = await findFfmpeg();
    const names = await readdir(out);
    expect(names).toEqual(expect.arrayContaining(['manifest.mpd', 'thumbnails.vtt', 'poster.jpg']));
    expect(names.filter((name) => name.includes('att_'))).toEqual([]);
    const args = ['-v', 'warning', '-i', join(out, 'master.m3u8'), '-map', '0', '-f', 'null', '-'];
    expect((await run(ffmpegPath, args)).stderr).toBe('');
  },
  TIMEOUT,
);
