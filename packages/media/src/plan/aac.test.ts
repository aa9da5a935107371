import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeClip, makeClip } from '../testing/index.ts';
import { audioSegmentSamples } from './aac.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-aac-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['25', 48_000],
  ['24000/1001', 44_100],
  ['179/6', 48_000],
])(
  'how long the segments of the sound last is known before: %s frames, %i Hz',
  async (fps, hertz) => {
    const options = { folder, name: `${hertz}-${parseInt(fps, 10)}.mp4`, seconds: 13, fps };
    const clip = await makeClip({ ...options, width: 64, height: 36, output: ['-ar', `${hertz}`] });
    const { plan, folder: output } = await encodeClip(clip);
    const { audio } = plan;
    if (!audio) throw new Error('The clip has sound.');
    const playlist = await readFile(join(output, 'audio', 'playlist.m3u8'), 'utf8');
    const found = [...playlist.matchAll(/#EXTINF:([\d.]+),/g)].map(([, value]) => value);
    expect(found).toHaveLength(4);
    expect(
      audioSegmentSamples(plan, audio, 4).map((samples) => (samples / hertz).toFixed(6)),
    ).toEqual(found);
  },
);
