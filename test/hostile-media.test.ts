// Small files that ask for very much: each fails its order with a reason, soon and in little memory.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeClip } from '@spillway/media/testing';
import { acceptedOrder, orderEnd } from './support/orders.ts';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

/** The process itself; each of its ffmpegs is bounded by its own arguments. */
const MOST_GROWTH_BYTES = 200 * 1024 * 1024;
const FRAMES = 1_000_000_000;
const SIDE = 65_535;

let folder: string;
let spillway: SpillwayProcess;
let clip: Buffer;
let pictures: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-bombs-'));
  clip = await readFile(await makeClip({ seconds: 1, folder }));
  const mov = { name: 'pictures.mov', output: ['-c:v', 'png', '-pix_fmt', 'rgb24'] };
  pictures = await readFile(await makeClip({ seconds: 1, folder, ...mov }));
  spillway = await startSpillway(join(folder, 'data'));
});
afterAll(async () => {
  await spillway?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A copy in which every box of the type is changed; offsets count from its type. */
function withBox(file: Buffer, type: string, change: (box: Buffer) => void): Buffer {
  const copy = Buffer.from(file);
  let at = copy.indexOf(type);
  if (at < 0) throw new Error(`no ${type}`);
  for (; at >= 0; at = copy.indexOf(type, at + 4)) change(copy.subarray(at));
  return copy;
}

const withSide = (file: Buffer, codec: string): Buffer =>
  withBox(file, codec, (box) => {
    box.writeUInt16BE(SIDE, 28);
    box.writeUInt16BE(SIDE, 30);
  });

/** So many frames of a byte each. */
const withFrames = (file: Buffer, frames: number): Buffer => {
  const sizes = withBox(file, 'stsz', (box) => {
    box.writeUInt32BE(1, 8);
    box.writeUInt32BE(frames, 12);
  });
  const times = withBox(sizes, 'stts', (box) => box.writeUInt32BE(frames, 12));
  return withBox(times, 'stsc', (box) => box.writeUInt32BE(frames, 16));
};

const withPictureSide = (file: Buffer): Buffer =>
  withBox(file, 'IHDR', (chunk) => {
    chunk.writeUInt32BE(SIDE, 4);
    chunk.writeUInt32BE(SIDE, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(0, 17)), 17);
  });

const memoryOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
};

test.each([
  ['an MP4 that says it has 1e9 frames', () => withFrames(clip, FRAMES)],
  ['an MP4 that says it has 150 million frames', () => withFrames(clip, 150_000_000)],
  ['pictures of 65535x65535', () => withSide(withPictureSide(pictures), 'png ')],
])('%s fails with the reason', async (name, make) => {
  const path = join(folder, `${name}.mov`);
  await writeFile(path, make());
  const before = await memoryOf(spillway.pid);
  const { id } = await acceptedOrder(spillway.url, { source: { url: pathToFileURL(path).href } });
  const { status, error } = await orderEnd(spillway.url, id);
  expect(status).toBe('failed');
  expect(error).toMatchObject({ code: 'source_unsupported', retryable: false });
  expect((await memoryOf(spillway.pid)) - before).toBeLessThan(MOST_GROWTH_BYTES);
});

test('after all of it, the process is as ready as it was', async () => {
  expect((await fetch(`${spillway.url}/readyz`)).status).toBe(200);
});
