import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SourceMedia } from '@spillway/contracts';
import { findFfmpeg } from './ffmpeg/find.ts';
import { inspectSource } from './source/inspect.ts';
import { decodePictures, encodeClip, ffmpegForTest } from './testing/index.ts';

let folder: string;
const path = (name: string) => join(folder, name);

const inspect = async (address: string, allowPartial = false): Promise<SourceMedia> => {
  const { signal } = new AbortController();
  return inspectSource(await findFfmpeg(), address, { allowPartial, signal });
};

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25', '-pix_fmt', 'yuv420p'];

afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-damaged-'));
  const inputs = ['testsrc=s=320x240:r=25:d=6', 'sine=d=6:r=48000'];
  const clip = [...inputs.flatMap((input) => ['-f', 'lavfi', '-i', input]), ...x264];
  const front = ['-movflags', '+faststart', path('index-first.mp4')];
  await ffmpegForTest([...clip, '-c:a', 'aac', ...front]);
  const copies = [
    ['index-last.mp4'],
    ['clip.mkv'],
    ['clip.ts'],
    ['clip.avi'],
    ['fragments.mp4', '-movflags', '+frag_keyframe+empty_moov'],
  ];
  for (const [name = '', ...flags] of copies)
    await ffmpegForTest(['-i', path('index-first.mp4'), '-c', 'copy', ...flags, path(name)]);
});

describe('a source that was cut off', () => {
  const cut = async (name: string, part: number): Promise<string> => {
    const bytes = await readFile(path(name));
    const cutPath = path(`cut-${part}-${name}`);
    await writeFile(cutPath, bytes);
    await truncate(cutPath, Math.round(bytes.length * part));
    return cutPath;
  };

  test('without its index is truncated', async () => {
    const source = await cut('index-last.mp4', 0.9);
    await expect(inspect(source)).rejects.toMatchObject({ code: 'source_truncated' });
    await expect(inspect(source, true)).rejects.toMatchObject({ code: 'source_truncated' });
  });

  test.each(['index-first.mp4', 'clip.mkv'])(
    '%s by more than a second is refused, or encoded with a warning',
    async (name) => {
      const source = await cut(name, 0.5);
      await expect(inspect(source)).rejects.toMatchObject({
        code: 'source_truncated',
        message: expect.stringMatching(/ends \d\.\d s before/),
      });
      const { plan, whole } = await encodeClip(source, { allowPartial: true });
      expect(whole.warnings[0]).toMatch(/ends \d\.\d s before/);
      expect(plan.frames).toBeLessThan(125);
      expect(plan.frames).toBeGreaterThan(25);
      expect(whole.qc.passed).toBe(true);
    },
  );

  test('by less than a second is encoded as far as it goes', async () => {
    const { plan } = await encodeClip(await cut('index-first.mp4', 0.96));
    expect(plan.frames).toBeGreaterThan(125);
    expect(plan.frames).toBeLessThan(150);
  });

  test('is found out though its timecode track claims the whole length', async () => {
    const timecode = ['-timecode', '01:00:00:00', '-movflags', '+faststart', path('timecode.mov')];
    await ffmpegForTest(['-i', path('index-first.mp4'), '-c', 'copy', ...timecode]);
    expect((await inspect(path('timecode.mov'))).video.frames).toBe(150);
    const source = await cut('timecode.mov', 0.5);
    await expect(inspect(source)).rejects.toMatchObject({ code: 'source_truncated' });
  });

  test('is found out by the frames that the header of an AVI promises', async () => {
    expect((await inspect(path('clip.avi'))).warnings).toEqual([]);
    const source = await cut('clip.avi', 0.5);
    await expect(inspect(source)).rejects.toMatchObject({ code: 'source_truncated' });
    expect((await inspect(source, true)).warnings).toEqual([expect.stringContaining('of 6.0 s')]);
  });

  test('within the header of a Matroska is no fault of the disk', async () => {
    const bytes = await readFile(path('clip.mkv'));
    await writeFile(path('head.mkv'), bytes.subarray(0, 200));
    await expect(inspect(path('head.mkv'))).rejects.toMatchObject({ retryable: false });
  });

  test.each(['clip.ts', 'fragments.mp4'])(
    '%s, which has no header to say so, ends where it ends',
    async (name) => {
      const { plan, whole } = await encodeClip(await cut(name, 0.5));
      expect(plan.frames).toBeLessThan(100);
      expect(whole.qc.passed).toBe(true);
    },
  );
});

describe('media data damaged in the middle', () => {
  const damaged = async (from: number, to: number): Promise<string> => {
    const bytes = await readFile(path('index-first.mp4'));
    bytes.fill(0, Math.round(bytes.length * from), Math.round(bytes.length * to));
    const name = path(`damaged-${from}-${to}.mp4`);
    await writeFile(name, bytes);
    return name;
  };

  test('a few frames lost are told in a warning', async () => {
    const { plan, whole } = await encodeClip(await damaged(0.5, 0.52));
    expect(plan.frames).toBe(150);
    expect(whole.qc.renditions[0]?.framesFound).toBe(150);
    expect(whole.warnings).toEqual([expect.stringMatching(/^Only 1[1-4]\d of the 150 frames/)]);
  });

  test('more than a second lost is the fault of the source, not ours', async () => {
    const source = await damaged(0.3, 0.9);
    await expect(encodeClip(source)).rejects.toMatchObject({
      code: 'source_truncated',
      retryable: false,
      message: expect.stringContaining('damaged'),
      log: expect.arrayContaining([expect.stringContaining('[error]')]),
    });
    const { whole } = await encodeClip(source, { allowPartial: true });
    expect(whole.warnings[0]).toMatch(/^Only \d+ of the 150 frames/);
  });
});

test('a transport stream put together from parts would lose pictures, and is refused', async () => {
  const part = await readFile(path('clip.ts'));
  await writeFile(path('joined.ts'), Buffer.concat([part, part]));
  await expect(inspect(path('joined.ts'))).rejects.toMatchObject({
    code: 'source_unsupported',
    message: expect.stringContaining('jumps back at 7.'),
  });
});

describe('a source that changes in the middle', () => {
  const part = async (name: string, size: string, rate: number, offset: string) => {
    const picture = ['-f', 'lavfi', '-i', `color=c=red:s=${size}:r=25:d=2`];
    const sound = ['-f', 'lavfi', '-i', 'sine=d=2:r=48000', '-c:a', 'mp2', '-ar', `${rate}`];
    const output = ['-muxdelay', '0', '-output_ts_offset', offset, path(name)];
    await ffmpegForTest([...picture, ...sound, ...x264, '-bf', '0', ...output]);
    return readFile(path(name));
  };

  test('its size is scaled', async () => {
    const parts = [
      await part('small.ts', '320x240', 48_000, '0'),
      await part('big.ts', '640x480', 48_000, '2'),
    ];
    await writeFile(path('size.ts'), Buffer.concat(parts));
    const encoded = await encodeClip(path('size.ts'));
    expect(encoded.plan.frames).toBe(100);
    const pictures = await decodePictures(encoded);
    expect(pictures.count).toBe(100);
    for (const index of [10, 90]) expect(pictures.at(index, 0.9, 0.9)[0]).toBeGreaterThan(200);
  });

  test('the format of its sound is refused', async () => {
    const parts = [
      await part('high.ts', '320x240', 48_000, '0'),
      await part('low.ts', '320x240', 44_100, '2'),
    ];
    await writeFile(path('sound.ts'), Buffer.concat(parts));
    await expect(encodeClip(path('sound.ts'))).rejects.toMatchObject({
      code: 'source_unsupported',
      message: expect.stringContaining('changes its format'),
    });
  });
});

test('a transport stream that begins between key frames begins with its first key frame', async () => {
  const bytes = await readFile(path('clip.ts'));
  const start = Math.floor((bytes.length * 0.05) / 188) * 188;
  await writeFile(path('middle.ts'), bytes.subarray(start));
  const { media, plan, whole } = await encodeClip(path('middle.ts'));
  expect(media.video.frames).toBe(125);
  expect(plan.frames).toBeGreaterThanOrEqual(125);
  expect(whole.warnings).toEqual([]);
});
