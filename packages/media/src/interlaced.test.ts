import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fieldPictures } from './testing/field-pictures.ts';
import { decodePictures, encodeClip, ffmpegForTest } from './testing/index.ts';

let folder: string;
const path = (name: string) => join(folder, name);
afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-interlaced-'));
});

describe('an interlaced picture is deinterlaced: no comb where something moves', () => {
  // A white bar of a black picture, elsewhere in each field: its lines alternate while it moves.
  const bar =
    'color=c=black:s=320x240:r=50:d=0.5,geq=lum=if(between(mod(X-N*20\\,320)\\,0\\,80)\\,235\\,16):cb=128:cr=128';
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-pix_fmt', 'yuv420p'];
  const cases: [name: string, fields: string, output: string[]][] = [
    ['camera.mp4', 'tinterlace=interleave_top', [...x264, '-flags', '+ilme+ildct']],
    // Its container does not say so.
    ['dv.avi', 'tinterlace=interleave_bottom,scale=720:576:interl=1', ['-c:v', 'dvvideo']],
  ];
  test.each(cases)('%s', async (name, fields, output) => {
    await ffmpegForTest(['-f', 'lavfi', '-i', `${bar},${fields}`, ...output, path(name)]);
    const encoded = await encodeClip(path(name));
    expect(encoded.media.video.interlaced).toBe(true);
    const pictures = await decodePictures(encoded);
    const [{ width, height } = { width: 0, height: 0 }] = encoded.whole.renditions;
    expect(pictures.count).toBe(12);
    let combed = 0;
    for (let x = 0; x < width; x += 4)
      for (let y = Math.round(height / 4); y < height * 0.75; y += 2) {
        const [above, here, below] = [y - 1, y, y + 1].map(
          (row) => pictures.at(6, (x + 0.5) / width, (row + 0.5) / height)[1],
        ) as [number, number, number];
        if (Math.abs(here - above) > 100 && Math.abs(here - below) > 100) combed += 1;
      }
    expect(combed).toBeLessThan(20);
  });
});

describe('H.264 that comes field by field', () => {
  test.each(['ts', 'mkv'])('is as many pictures as pairs (%s)', async (type) => {
    await writeFile(path('fields.h264'), fieldPictures(50));
    const name = path(`fields.${type}`);
    await ffmpegForTest(['-r', '50', '-i', path('fields.h264'), '-c', 'copy', name]);
    const encoded = await encodeClip(name);
    expect(encoded.media.video).toMatchObject({
      frames: 50,
      frameRate: { numerator: 25, denominator: 1 },
    });
    expect(encoded.whole.warnings).toEqual([]);
    const pictures = await decodePictures(encoded);
    expect(pictures.count).toBe(50);
    const shades = [0, 49].map((index) => pictures.at(index, 0.5, 0.5)[1]);
    expect((shades[1] ?? 0) - (shades[0] ?? 0)).toBeGreaterThan(45);
  });

  test('is not what pictures marked so by mistake are, fifty a second', async () => {
    const marked = ['-x264-params', 'tff=1:fake-interlaced=1:pic-struct=1', path('marked.ts')];
    const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
    await ffmpegForTest(['-f', 'lavfi', '-i', 'testsrc=s=160x120:r=50:d=1', ...x264, ...marked]);
    const { media, plan } = await encodeClip(path('marked.ts'));
    expect(media.video.interlaced).toBe(true);
    expect(plan.frames).toBe(50);
  });
});
