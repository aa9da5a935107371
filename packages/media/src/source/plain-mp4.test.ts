import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SourceMedia } from '@spillway/contracts';
import fc from 'fast-check';
import { findFfmpeg } from '../ffmpeg/find.ts';
import { ffmpegForTest } from '../testing/index.ts';
import { openFile } from './bytes.ts';
import { inspectPlainMp4 } from './plain-mp4.ts';
import { inspectWithFfprobe } from './probed.ts';
import { readMoov } from './sniff.ts';

let folder: string;
afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-plain-'));
});

async function moovOf(path: string): Promise<{ moov: Buffer; size: number }> {
  const source = await openFile(path);
  const moov = await readMoov(source, 1e7);
  await source.close();
  if (!moov) throw new Error(`${path} has no small moov.`);
  return { moov, size: source.size };
}

async function plain(path: string): Promise<SourceMedia | null> {
  const { moov, size } = await moovOf(path);
  return inspectPlainMp4(moov, size);
}

async function probed(path: string): Promise<SourceMedia> {
  const { ffprobePath } = await findFfmpeg();
  const signal = new AbortController().signal;
  return inspectWithFfprobe(ffprobePath, path, { allowPartial: false, signal });
}

/** Seconds come by different sums. */
const rounded = (media: SourceMedia | null): unknown =>
  JSON.parse(JSON.stringify(media), (_, value) =>
    typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value,
  );

async function make(name: string, input: string[], output: string[]): Promise<string> {
  const path = join(folder, name);
  await ffmpegForTest([
    ...input,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-c:a',
    'aac',
    ...output,
    path,
  ]);
  return path;
}
const picture = (options = 's=320x240:r=25:d=1') => ['-f', 'lavfi', '-i', `testsrc=${options}`];
const tone = (seconds = 1, rate = 48_000) => [
  ...['-f', 'lavfi', '-i', `sine=d=${seconds}:r=${rate}`],
];
const yuv = ['-pix_fmt', 'yuv420p'];

describe('the index alone tells what ffprobe tells', () => {
  const cases: [name: string, input: string[], output: string[]][] = [
    ['picture and sound', [...picture(), ...tone()], yuv],
    ['picture only', picture(), yuv],
    ['no B-frames', [...picture(), ...tone()], [...yuv, '-bf', '0']],
    ['baseline', picture(), [...yuv, '-profile:v', 'baseline']],
    ['index first', [...picture(), ...tone()], [...yuv, '-movflags', '+faststart']],
    ['12.5 frames a second', picture('s=320x240:r=12.5:d=2'), yuv],
    ['179/6 frames a second', picture('s=320x240:r=179/6:d=2'), yuv],
    ['24000/1001 frames a second', picture('s=320x240:r=24000/1001:d=2'), yuv],
    ['120 frames a second', picture('s=320x240:r=120:d=1'), yuv],
    ['one frame', picture('s=320x240:r=25:d=0.04'), yuv],
    ['1080 lines, cropped', picture('s=1920x1080:r=25:d=0.2'), yuv],
    ['sound longer', [...picture(), ...tone(3)], yuv],
    ['sound shorter', [...picture('s=320x240:r=25:d=3'), ...tone(1, 44_100)], yuv],
    ['stereo', [...picture(), ...tone()], [...yuv, '-ac', '2']],
    ['5.1', [...picture(), ...tone()], [...yuv, '-ac', '6']],
    ['a language', [...picture(), ...tone()], [...yuv, '-metadata:s:a', 'language=fra']],
    [
      'BT.709',
      picture(),
      [...yuv, '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ],
  ];
  test.each(cases)('%s', async (name, input, output) => {
    const path = await make(`${name.replaceAll(/\W/g, '-')}.mp4`, input, output);
    const found = await plain(path);
    expect(found).not.toBeNull();
    expect(rounded(found)).toEqual(rounded(await probed(path)));
  });
});

describe('what is not plain is left to ffprobe', () => {
  const cases: [name: string, input: string[], output: string[]][] = [
    ['10 bit', picture(), ['-pix_fmt', 'yuv420p10le']],
    ['4:4:4', picture(), ['-pix_fmt', 'yuv444p']],
    ['full range', picture(), ['-pix_fmt', 'yuvj420p']],
    ['interlaced', picture(), [...yuv, '-flags', '+ilme+ildct']],
    ['pixels not square', picture(), [...yuv, '-vf', 'setsar=16/15']],
    ['fragmented', picture(), [...yuv, '-movflags', '+frag_keyframe+empty_moov']],
    ['another codec', picture(), ['-c:v', 'mpeg4']],
    [
      'two sounds',
      [...picture(), ...tone(), ...tone()],
      [...yuv, '-map', '0', '-map', '1', '-map', '2'],
    ],
    ['sound that may be HE-AAC', [...picture(), ...tone()], [...yuv, '-ar', '24000']],
    ['sound later', [...picture(), '-itsoffset', '0.5', ...tone()], yuv],
    [
      'HDR',
      picture(),
      [...yuv, '-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'],
    ],
  ];
  test.each(cases)('%s', async (name, input, output) => {
    const path = await make(`not-${name.replaceAll(/\W/g, '-')}.mp4`, input, output);
    expect(await plain(path)).toBeNull();
  });

  test('a variable rate', async () => {
    const thinned = ['-vf', "select='not(eq(mod(n,5),3))'"];
    const mkv = await make('variable.mkv', picture(), [...yuv, ...thinned]);
    const path = join(folder, 'variable.mp4');
    await ffmpegForTest(['-i', mkv, '-c', 'copy', path]);
    expect(await plain(path)).toBeNull();
  });

  test('an edit that begins between key frames', async () => {
    const path = await make('whole.mp4', picture('s=320x240:r=25:d=2'), [...yuv, '-g', '50']);
    const cut = join(folder, 'cut.mp4');
    await ffmpegForTest(['-ss', '0.5', '-i', path, '-c', 'copy', cut]);
    expect(await plain(cut)).toBeNull();
  });

  test('media data beyond the end of the file', async () => {
    const path = await make('cut-off.mp4', picture(), [...yuv, '-movflags', '+faststart']);
    const { moov, size } = await moovOf(path);
    expect(inspectPlainMp4(moov, size)).not.toBeNull();
    expect(inspectPlainMp4(moov, size - 1)).toBeNull();
  });
});

test('the index of a film of hours is read without ffprobe', async () => {
  const clip = await make('loop.mp4', picture('s=32x32:r=25:d=20'), [
    '-pix_fmt',
    'yuv420p',
    '-bf',
    '0',
    '-g',
    '50',
  ]);
  const film = join(folder, 'film.mp4');
  await ffmpegForTest(['-stream_loop', '249', '-i', clip, '-c', 'copy', film]);
  const { video } = (await plain(film)) ?? {};
  expect(video).toMatchObject({ frames: 125_000, endSeconds: 5000, constantRate: true });
  expect(video?.keyFrames).toEqual({ mostSecondsApart: 2, open: false });
});

test.each([
  ['open', 'open-gop=1:keyint=20:min-keyint=20:bframes=3:b-adapt=0', true],
  ['closed', 'open-gop=0:keyint=20:min-keyint=20:bframes=3:b-adapt=0', false],
])('an index tells %s GOPs', async (name, parameters, open) => {
  const output = ['-pix_fmt', 'yuv420p', '-x264-params', parameters];
  const path = await make(`${name}.mp4`, picture('s=64x64:r=25:d=3'), output);
  const media = await plain(path);
  expect(media?.video.keyFrames?.open).toBe(open);
  expect(rounded(media)).toEqual(rounded(await probed(path)));
});

test('a damaged index never crashes nor takes long: it is null, refused, or still a whole answer', async () => {
  const path = await make('fuzz.mp4', [...picture('s=160x120:r=25:d=0.2'), ...tone(0.2)], yuv);
  const { moov, size } = await moovOf(path);
  const change = fc.record({ at: fc.nat(moov.length - 1), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const damaged = Buffer.from(moov);
      for (const { at, byte } of changes) damaged[at] = byte;
      try {
        const found = inspectPlainMp4(damaged, size);
        if (found) expect(found.video.frames).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({ code: 'source_unsupported' });
      }
    }),
    { numRuns: 2000 },
  );
  expect((await readFile(path)).length).toBe(size);
});
