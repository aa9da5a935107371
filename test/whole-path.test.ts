// From an order to a stream that plays and a webhook that verifies, over HTTP only.
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
import { Webhook } from 'standardwebhooks';
import { acceptedOrder, orderEnd } from './support/orders.ts';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';
import { receiveWebhooks, type WebhookReceiver } from './support/webhook-receiver.ts';

const run = promisify(execFile);
let folder: string;
let spillway: SpillwayProcess;
let receiver: WebhookReceiver;
let order: Order;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-e2e-'));
  receiver = await receiveWebhooks();
  spillway = await startSpillway(join(folder, 'data'));
  const clip = await makeClip({ seconds: 5, width: 640, height: 360, folder });
  const accepted = await acceptedOrder(spillway.url, {
    source: { url: pathToFileURL(clip).href },
    webhook: { url: receiver.url },
    metadata: { album: 'holiday' },
  });
  order = await orderEnd(spillway.url, accepted.id);
});

afterAll(async () => {
  await spillway?.stop();
  receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

const playbackUrl = (name: string) => `${spillway.url}/v1/orders/${order.id}/playback/${name}`;

test('the order completes and says what was made', () => {
  expect(order).toMatchObject({
    status: 'completed',
    progress: 1,
    error: null,
    metadata: { album: 'holiday' },
  });
  expect(order.renditions.map(({ name, frames }) => [name, frames])).toEqual([
    ['360p', 125],
    ['240p', 125],
  ]);
});

test('an ordinary player reads the HLS stream without a warning', async () => {
  const { ffmpegPath } = await findFfmpeg();
  const { stderr } = await run(ffmpegPath, [
    ...['-v', 'warning', '-i', playbackUrl('master.m3u8'), '-f', 'null', '-'],
  ]);
  expect(stderr).toBe('');
});

test('the DASH manifest, the poster and the QC report are there', async () => {
  const manifest = await fetch(playbackUrl('manifest.mpd'));
  expect(manifest.headers.get('content-type')).toBe('application/dash+xml');
  const poster = Buffer.from(await (await fetch(playbackUrl('poster.jpg'))).arrayBuffer());
  expect(poster.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  const qc = (await (await fetch(playbackUrl('qc.json'))).json()) as QcReport;
  expect(qc.passed).toBe(true);
  expect(qc.renditions.map((one) => one.framesFound - one.framesPlanned)).toEqual([0, 0]);
});

test('segments are served in ranges, to any origin', async () => {
  const playlist = await (await fetch(playbackUrl('master.m3u8'))).text();
  const media = playlist.split('\n').find((line) => line.endsWith('.m3u8')) ?? '';
  const init = (await (await fetch(playbackUrl(media))).text()).match(/URI="([^"]+)"/)?.[1] ?? '';
  const response = await fetch(new URL(init, playbackUrl(media)), {
    headers: { range: 'bytes=4-7', origin: 'https://elsewhere.example' },
  });
  expect(response.status).toBe(206);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await response.text()).toBe('ftyp');
});

test('the webhook verifies, names the order and comes once', async () => {
  await receiver.count(1);
  const [first] = receiver.received;
  if (!first) throw new Error('no webhook');
  const { secret } = (await (await fetch(`${spillway.url}/v1/webhook-secret`)).json()) as {
    secret: string;
  };
  const payload = new Webhook(secret).verify(first.body, first.headers) as { type: string };
  expect(payload.type).toBe('order.completed');
  expect(first.body).toContain(order.id);
  const metrics = await (await fetch(`${spillway.adminUrl}/metrics`)).text();
  expect(metrics).toMatch(/spillway_\w+/);
  expect(receiver.received).toHaveLength(1);
});

test('SIGTERM ends it cleanly', async () => {
  expect(await spillway.stop()).toBe(0);
});
