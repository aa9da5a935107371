import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outputFiles, Speed } from '@spillway/contracts';
import { findFfmpeg } from './ffmpeg/find.ts';
import { audio as audioSettings, video } from './settings.ts';
import { inspectSource } from './source/inspect.ts';
import { encodeChunked, encodeClip, makeClip } from './testing/index.ts';

/** Three segments of 240 lines, in stereo. */
let clip: string;
beforeAll(async () => {
  clip = await makeClip({ seconds: 10, width: 426, height: 240, output: ['-ac', '2'] });
});
afterAll(() => rm(dirname(clip), { recursive: true }));

const probe = async (path: string) =>
  inspectSource(await findFfmpeg(), path, {
    allowPartial: false,
    signal: new AbortController().signal,
  });

test('a source encoded whole has the renditions, the sound and the MP4 that were asked for', async () => {
  const { folder, whole, plan } = await encodeClip(clip, {
    outputs: {
      renditions: [
        { lines: 144, crf: 35, maxBitsPerSecond: 64_000 },
        { lines: 200, crf: 18 },
        { lines: 720 },
      ],
      formats: ['hls', 'mp4'],
      audio: { channels: 1, bitsPerSecond: 48_000 },
    },
  });
  expect(whole.renditions).toMatchObject([
    { name: '200p', width: 356, height: 200, frames: 250, segments: 3 },
    { name: '144p', width: 256, height: 144, frames: 250, segments: 3 },
  ]);
  expect(whole.qc.passed).toBe(true);
  const master = await readFile(join(folder, outputFiles.hls), 'utf8');
  expect(master).toContain('CHANNELS="1"');
  expect(master).toContain('RESOLUTION=356x200');
  const mp4 = await probe(join(folder, outputFiles.mp4));
  expect(mp4.video).toMatchObject({ width: 356, height: 200, frames: 250 });
  expect(mp4.audio).toMatchObject({ channels: 1 });
  expect(plan.audio).toMatchObject({ channels: 1, bitsPerSecond: 48_000 });
});

test('the cap of a rendition holds to what the decoder buffers', async () => {
  const maxBitsPerSecond = 100_000;
  const { whole } = await encodeClip(clip, {
    outputs: { renditions: [{ lines: 240, crf: 16, maxBitsPerSecond }] },
  });
  const [made] = whole.renditions;
  // It would take far more without a cap.
  expect(made?.averageBitsPerSecond).toBeGreaterThan(0.7 * maxBitsPerSecond);
  expect(made?.peakBitsPerSecond).toBeLessThan(
    maxBitsPerSecond * (1 + video.bufferSeconds / video.segmentSeconds),
  );
});

test('sound never gets more channels than the source has', async () => {
  const mono = await makeClip({ name: 'mono.mp4', folder: dirname(clip), output: ['-ac', '1'] });
  const { plan, folder } = await encodeClip(mono, {
    outputs: { audio: { channels: 2 }, formats: ['hls', 'mp4'] },
  });
  expect(plan.audio).toMatchObject({
    channels: 1,
    bitsPerSecond: audioSettings.monoBitsPerSecond,
  });
  expect((await probe(join(folder, outputFiles.mp4))).audio).toMatchObject({ channels: 1 });
});

test.each(Speed.options)(
  'chunks at %s meet, in every rendition that was asked for',
  async (speed) => {
    const { packaged, chunks, plan } = await encodeChunked(clip, {
      gopsPerChunk: 1,
      outputs: { speed, renditions: [{ lines: 180 }, { lines: 144, crf: 30 }] },
    });
    if ('unfit' in packaged) throw new Error(packaged.unfit);
    expect(chunks).toHaveLength(3);
    expect(plan.speed).toBe(speed);
    expect(packaged.qc).toMatchObject({ passed: true, seams: { checked: 2, broken: [] } });
    expect(packaged.output.renditions).toMatchObject([
      { name: '180p', width: 320, height: 180, frames: 250 },
      { name: '144p', width: 256, height: 144, frames: 250 },
    ]);
  },
);
