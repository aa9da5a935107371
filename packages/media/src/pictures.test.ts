import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findFfmpeg } from './ffmpeg/find.ts';
import { type Colour, decodePictures, encodeClip, ffmpegForTest } from './testing/index.ts';

let folder: string;
afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-pictures-'));
});

const red: Colour = [192, 32, 32];
const green: Colour = [32, 160, 32];
const blue: Colour = [32, 32, 192];
const grey: Colour = [40, 40, 40];
const hex = (colour: Colour): string =>
  `0x${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** Four quarters, red and green above blue and grey, of half a second. */
function quarters(width: number, height: number, rate = '25'): string[] {
  const quarter = (colour: Colour) =>
    `color=c=${hex(colour)}:s=${width / 2}x${height / 2}:r=${rate}:d=0.4`;
  return [red, green, blue, grey].flatMap((colour) => ['-f', 'lavfi', '-i', quarter(colour)]);
}
const stack = '[0][1]hstack[top];[2][3]hstack[low];[top][low]vstack';

type Source = { width?: number; height?: number; filters?: string; output: string[] };

async function make(name: string, { width = 320, height = 240, filters, output }: Source) {
  const path = join(folder, name);
  const graph = `${stack}${filters ? `,${filters}` : ''}`;
  await ffmpegForTest([...quarters(width, height), '-filter_complex', graph, ...output, path]);
  return path;
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8'];

function expectNear(found: Colour, wanted: Colour, tolerance = 6): void {
  for (const [index, part] of found.entries())
    expect(Math.abs(part - (wanted[index] ?? 0))).toBeLessThanOrEqual(tolerance);
}

/** Colours of the four quarters as shown: top left, top right, low left, low right. */
async function shownQuarters(path: string, index = 5) {
  const encoded = await encodeClip(path);
  const pictures = await decodePictures(encoded);
  const at = (x: number, y: number) => pictures.at(index, x, y);
  const colours = [at(0.2, 0.2), at(0.8, 0.2), at(0.2, 0.8), at(0.8, 0.8)];
  return { ...encoded, pictures, colours };
}

function expectQuarters(found: Colour[], wanted: Colour[], tolerance?: number): void {
  expect(found).toHaveLength(wanted.length);
  for (const [index, colour] of found.entries())
    expectNear(colour, wanted[index] ?? [0, 0, 0], tolerance);
}

describe('colours come out as they went in', () => {
  const cases: [name: string, source: Source][] = [
    ['plain.mp4', { output: [...x264, '-pix_fmt', 'yuv420p'] }],
    ['full-range.mp4', { output: [...x264, '-pix_fmt', 'yuvj420p'] }],
    ['full-range.mkv', { output: [...x264, '-pix_fmt', 'yuvj420p'] }],
    ['422.mp4', { output: [...x264, '-pix_fmt', 'yuv422p'] }],
    ['444.mp4', { output: [...x264, '-pix_fmt', 'yuv444p'] }],
    ['rgb.mp4', { output: ['-c:v', 'libx264rgb', '-preset', 'ultrafast', '-crf', '5'] }],
    ['prores.mov', { output: ['-c:v', 'prores_ks', '-profile:v', '2'] }],
    [
      '10-bit.mp4',
      {
        output: [
          ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'crf=8:log-level=none'],
          ...['-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1'],
        ],
      },
    ],
    [
      'vp9.webm',
      { output: ['-c:v', 'libvpx-vp9', '-b:v', '1M', '-cpu-used', '8', '-pix_fmt', 'yuv420p'] },
    ],
    ['mpeg2.ts', { output: ['-c:v', 'mpeg2video', '-q:v', '2', '-pix_fmt', 'yuv420p'] }],
    ['animated.gif', { output: [] }],
    [
      'display-p3.mov',
      {
        filters: 'scale=out_color_matrix=bt709,format=yuv420p',
        output: [...x264, '-colorspace', 'bt709', '-color_primaries', 'smpte432'],
      },
    ],
    [
      'bt709-in-small.mp4',
      {
        filters: 'scale=out_color_matrix=bt709,format=yuv420p',
        output: [
          ...[...x264, '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
        ],
      },
    ],
  ];
  test.each(cases)('%s', async (name, source) => {
    const { colours, pictures, plan } = await shownQuarters(await make(name, source));
    expect(pictures.count).toBe(plan.frames);
    expect(pictures.count).toBe(10);
    expectQuarters(colours, [red, green, blue, grey], name === 'animated.gif' ? 24 : 8);
  });
});

/** Writes the display matrix that a phone held so would write, into the track header. */
async function rotate(path: string, degrees: 90 | 180 | 270): Promise<string> {
  const bytes = await readFile(path);
  const one = 0x10000;
  const [a, b, c, d] = { 90: [0, one, -one, 0], 180: [-one, 0, 0, -one], 270: [0, -one, one, 0] }[
    degrees
  ] as [number, number, number, number];
  const matrix = bytes.indexOf('tkhd') + 4 + 40;
  for (const [index, value] of [a, b, 0, c, d].entries())
    bytes.writeInt32BE(value, matrix + index * 4);
  const rotated = path.replace('.mp4', `-${degrees}.mp4`);
  await writeFile(rotated, bytes);
  return rotated;
}

describe('a rotated picture is shown upright', () => {
  const cases: [degrees: 90 | 180 | 270, size: string, wanted: Colour[]][] = [
    [90, '180x320', [blue, red, grey, green]],
    [180, '320x180', [grey, blue, green, red]],
    [270, '180x320', [green, grey, red, blue]],
  ];
  test.each(cases)('by %d degrees', async (degrees, size, wanted) => {
    const upright = await make('upright.mp4', {
      height: 180,
      output: [...x264, '-pix_fmt', 'yuv420p'],
    });
    const { colours, whole } = await shownQuarters(await rotate(upright, degrees));
    const [rendition] = whole.renditions;
    expect(`${rendition?.width}x${rendition?.height}`).toBe(size);
    expect(rendition?.name).toBe('180p');
    expectQuarters(colours, wanted, 8);
  });
});

test('a display matrix of zeros, as some cameras write, turns nothing', async () => {
  const source = await make('zeros.mp4', { output: [...x264, '-pix_fmt', 'yuv420p'] });
  const bytes = await readFile(source);
  const matrix = bytes.indexOf('tkhd') + 4 + 40;
  await writeFile(source, bytes.fill(0, matrix, matrix + 36));
  const { colours } = await shownQuarters(source);
  expectQuarters(colours, [red, green, blue, grey], 8);
});

describe('sizes', () => {
  const sizeOf = async (name: string, source: Source) => {
    const { whole, colours } = await shownQuarters(await make(name, source));
    expectQuarters(colours, [red, green, blue, grey], 8);
    return whole.renditions.map(({ width, height }) => `${width}x${height}`);
  };

  test('an odd size becomes even and is never upscaled', async () => {
    const source = {
      width: 324,
      height: 184,
      filters: 'crop=321:181',
      output: [...x264, '-pix_fmt', 'yuv444p'],
    };
    expect(await sizeOf('odd.mp4', source)).toEqual(['320x180']);
  });

  test('a portrait counts its lines on the short side', async () => {
    const source = { width: 240, height: 424, output: [...x264, '-pix_fmt', 'yuv420p'] };
    expect(await sizeOf('portrait.mp4', source)).toEqual(['240x424']);
  });

  test('pixels that are not square become square', async () => {
    const source = {
      width: 180,
      height: 240,
      filters: 'setsar=16/9',
      output: [...x264, '-pix_fmt', 'yuv420p'],
    };
    expect(await sizeOf('anamorphic.mp4', source)).toEqual(['320x240']);
  });
});

test('HDR comes down to SDR, and grey stays grey; a build that cannot do it refuses', async () => {
  const path = join(folder, 'hdr.mp4');
  const ramp = 'color=c=0x808080:s=320x240:r=25:d=0.4';
  const tags = 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';
  await ffmpegForTest([
    ...['-f', 'lavfi', '-i', `${ramp},format=yuv420p10le`],
    ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `${tags}:crf=8:log-level=none`],
    ...['-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1', path],
  ]);
  const { canToneMap } = await findFfmpeg();
  if (!canToneMap) {
    await expect(encodeClip(path)).rejects.toMatchObject({ code: 'source_unsupported' });
    return;
  }
  const encoded = await encodeClip(path);
  expect(encoded.media.video.isHdr).toBe(true);
  const pictures = await decodePictures(encoded);
  expect(pictures.count).toBe(10);
  const [r, g, b] = pictures.at(5, 0.5, 0.5);
  // Code value 0.5 of PQ is about 92 nits: nearly SDR's white, and grey stays without a tint.
  expect(g).toBeGreaterThan(140);
  expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(6);
});
