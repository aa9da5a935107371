// What a customer asks for by preset and by field is what the real program makes.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findFfmpeg, inspectSource } from '@spillway/media';
import { makeClip } from '@spillway/media/testing';
import { acceptedOrder, orderEnd } from './support/orders.ts';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

let folder: string;
let clip: string;
let spillway: SpillwayProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-outputs-'));
  clip = await makeClip({ seconds: 5, width: 640, height: 360, folder });
  const presets = join(folder, 'presets');
  await mkdir(presets);
  const ours = {
    description: 'Two sizes of ours, and a file to keep.',
    renditions: [
      { lines: 1080 },
      { lines: 300, crf: 30 },
      { lines: 200, maxBitsPerSecond: 80_000 },
    ],
    formats: ['hls', 'mp4'],
    speed: 'superfast',
  };
  await writeFile(join(presets, 'ours.json'), JSON.stringify(ours));
  spillway = await startSpillway(join(folder, 'data'), { SPILLWAY_PRESETS_DIR: presets });
});
afterAll(async () => {
  await spillway?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("an order makes what the operator's preset says, but what it says otherwise itself", async () => {
  const { id } = await acceptedOrder(spillway.url, {
    source: { url: pathToFileURL(clip).href },
    outputs: { preset: 'ours', audio: { channels: 1, bitsPerSecond: 32_000 } },
  });
  const order = await orderEnd(spillway.url, id);
  expect(order).toMatchObject({
    status: 'completed',
    warnings: ['Left out: renditions of 1080 lines; the source has 360.'],
    renditions: [
      { name: '300p', width: 534, height: 300, frames: 125 },
      { name: '200p', width: 356, height: 200, frames: 125 },
    ],
    playback: { dashUrl: null },
  });
  const mp4 = await fetch(order.playback?.mp4Url ?? '');
  const file = join(folder, 'kept.mp4');
  await writeFile(file, Buffer.from(await mp4.arrayBuffer()));
  const { signal } = new AbortController();
  const media = await inspectSource(await findFfmpeg(), file, { allowPartial: false, signal });
  expect(media.video).toMatchObject({ width: 534, height: 300, frames: 125 });
  expect(media.audio?.channels).toBe(1);
});
