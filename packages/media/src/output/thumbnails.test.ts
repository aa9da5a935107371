import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeChunked, encodeClip, ffmpegForTest } from '../testing/index.ts';

const colours = ['red', 'lime', 'blue', 'white', 'black'];

let folder: string;
let clip: string;
/** Four seconds, a segment, of each colour. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-thumbnails-'));
  clip = join(folder, 'colours.mp4');
  await ffmpegForTest([
    ...colours.flatMap((one) => ['-f', 'lavfi', '-i', `color=${one}:s=256x144:r=5:d=4`]),
    ...['-filter_complex', `concat=n=${colours.length}`, '-pix_fmt', 'yuv420p', clip],
  ]);
});
afterAll(() => rm(folder, { recursive: true }));

/** The colour in the middle of each picture, and the time from which it is shown. */
async function picturesOf(output: string): Promise<string[]> {
  const vtt = await readFile(join(output, 'thumbnails.vtt'), 'utf8');
  expect(vtt.startsWith('WEBVTT\n\n')).toBe(true);
  const cues = [...vtt.matchAll(/([\d:.]+) --> ([\d:.]+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)\n/g)];
  const found: string[] = [];
  for (const [, from, to, sheet = '', x, y, width, height] of cues) {
    const pixel = join(folder, 'pixel.rgb');
    const part = `crop=${width}:${height}:${x}:${y},crop=2:2,format=rgb24`;
    await ffmpegForTest(['-i', join(output, sheet), '-vf', part, '-f', 'rawvideo', pixel]);
    const bright = [...(await readFile(pixel)).subarray(0, 3)].map((value) => value > 128);
    found.push(`${from} ${to} ${bright.map(Number).join('')}`);
  }
  return found;
}

test.each<[string, () => Promise<string>]>([
  ['whole', async () => (await encodeClip(clip)).folder],
  [
    'in chunks',
    async () => join((await encodeChunked(clip, { gopsPerChunk: 2 })).folder, 'package'),
  ],
])(
  'the thumbnails of a video encoded %s show each segment`s first picture at its time',
  async (_, encode) => {
    expect(await picturesOf(await encode())).toEqual([
      '00:00:00.000 00:00:04.000 100',
      '00:00:04.000 00:00:08.000 010',
      '00:00:08.000 00:00:12.000 001',
      '00:00:12.000 00:00:16.000 111',
      '00:00:16.000 00:00:20.000 000',
    ]);
  },
);
