import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  decodePictures,
  decodeSound,
  encodeClip,
  ffmpegForTest,
  flashFrame,
  soundStart,
} from './testing/index.ts';

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
let folder: string;
/** 25 frames a second for 2 s: black, then white from 1 s on; a tone from 1 s on. With B-frames. */
let flash: string;

const path = (name: string) => join(folder, name);
const darkThenBright = (rate: string | number, dark = 1, bright = 1) => [
  ...['-f', 'lavfi', '-i', `color=c=black:s=320x240:r=${rate}:d=${dark}`],
  ...['-f', 'lavfi', '-i', `color=c=white:s=320x240:r=${rate}:d=${bright}`],
];
const tone = 'aevalsrc=if(gte(t\\,1)\\,0.5*sin(2*PI*880*t)\\,0):s=48000:d=2';

afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-timing-'));
  flash = path('flash.mov');
  await ffmpegForTest([
    ...[...darkThenBright(25), '-f', 'lavfi', '-i', tone],
    ...['-filter_complex', '[0][1]concat', '-map', '2'],
    ...[...x264, '-c:a', 'pcm_s16le', flash],
  ]);
});

/** Copies the flash clip with picture and sound moved against each other. */
async function shifted(name: string, video: number, audio: number, output: string[] = []) {
  await ffmpegForTest([
    ...['-itsoffset', `${video}`, '-i', flash, '-itsoffset', `${audio}`, '-i', flash],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', ...output, path(name)],
  ]);
  return path(name);
}

async function measure(source: string) {
  const encoded = await encodeClip(source);
  const pictures = await decodePictures(encoded);
  const sound = await decodeSound(encoded);
  const frame = flashFrame(pictures);
  return {
    ...encoded,
    pictures,
    flashSeconds: frame / 25,
    toneSeconds: soundStart(sound),
    soundSeconds: sound.length / 48_000,
  };
}

describe('sound and picture keep the offset of the source', () => {
  const aac = ['-c:a', 'aac'];
  const pcm = ['-c:a', 'pcm_s16le'];
  const cases: [name: string, video: number, audio: number, output: string[]][] = [
    ['together.mov', 0, 0, pcm],
    ['together.mp4', 0, 0, aac],
    ['together.mkv', 0, 0, pcm],
    ['together.ts', 0, 0, ['-c:a', 'mp2']],
    ['picture-later.mkv', 0.7, 0, pcm],
    ['picture-later.mp4', 0.7, 0, aac],
    ['picture-later.ts', 0.7, 0, ['-c:a', 'mp2']],
    ['sound-later.mkv', 0, 0.6, pcm],
    ['sound-later.mp4', 0, 0.6, aac],
    ['sound-later.ts', 0, 0.6, ['-c:a', 'mp2']],
    ['three-hours.ts', 10_800, 10_800, ['-copyts', '-c:a', 'mp2']],
    ['clock-wraps.ts', 95_442.7, 95_442.7, ['-copyts', '-c:a', 'mp2']],
    ['fragmented.mp4', 0, 0, [...aac, '-movflags', '+frag_keyframe+empty_moov']],
  ];
  test.each(cases)('%s', async (name, video, audio, output) => {
    const result = await measure(await shifted(name, video, audio, output));
    const { plan, pictures, flashSeconds, toneSeconds, soundSeconds, whole } = result;
    expect(pictures.count).toBe(plan.frames);
    expect(whole.qc.audioVideoDifferenceSeconds).toBeCloseTo(0, 3);
    expect(Math.abs(soundSeconds - plan.frames / 25)).toBeLessThan(0.03);
    // The picture can only be on its grid: within half a frame, and the mp2 encoder's own delay.
    expect(Math.abs(toneSeconds - flashSeconds - (audio - video))).toBeLessThan(0.035);
    const earlier = Math.max(0, video - audio);
    expect(Math.abs(flashSeconds - 1 - earlier)).toBeLessThan(0.05);
    expect(whole.warnings).toEqual([]);
  });
});

test('frames before the first that is shown (an edit list) stay out, and sound with them', async () => {
  // Stream copy from between key frames: MP4 keeps what the decoder needs, and hides it.
  await ffmpegForTest(['-ss', '0.5', '-i', flash, '-c:v', 'copy', '-c:a', 'aac', path('cut.mp4')]);
  const { flashSeconds, toneSeconds, pictures, plan } = await measure(path('cut.mp4'));
  expect(pictures.count).toBe(plan.frames);
  expect(Math.abs(flashSeconds - 0.5)).toBeLessThan(0.045);
  expect(Math.abs(toneSeconds - flashSeconds)).toBeLessThan(0.035);
});

describe('frame rates', () => {
  const cases: [rate: string, seconds: number, frames: number, out: string][] = [
    ['12.5', 2, 25, '25/2'],
    ['24', 2, 48, '24'],
    ['179/6', 2, 60, '179/6'],
    ['24000/1001', 2, 48, '24000/1001'],
    ['60000/1001', 2, 120, '60000/1001'],
    ['120', 1, 60, '60'],
    ['1', 3, 3, '1'],
  ];
  test.each(cases.flatMap((one) => ['mp4', 'mkv', 'ts'].map((type) => [...one, type] as const)))(
    '%s for %d s is %d frames at %s (%s)',
    async (rate, seconds, frames, out, type) => {
      const name = path(`rate-${rate.replace('/', '-')}.${type}`);
      const picture = ['-f', 'lavfi', '-i', `testsrc=s=160x120:r=${rate}:d=${seconds}`];
      await ffmpegForTest([...picture, ...x264, name]);
      const { plan, whole, folder: output } = await encodeClip(name);
      expect(whole.renditions[0]?.frameRate).toBe(out);
      expect(plan.frames).toBe(frames);
      expect(whole.qc.renditions[0]?.framesFound).toBe(frames);
      const pictures = await decodePictures({ whole, folder: output });
      expect(pictures.count).toBe(frames);
      expect(whole.warnings).toEqual([]);
    },
  );
});

test('a program stream, which times only some of its pictures, is of a constant rate', async () => {
  const output = ['-c:v', 'mpeg2video', '-bf', '2', path('program.mpg')];
  await ffmpegForTest(['-f', 'lavfi', '-i', 'testsrc=s=320x240:r=25:d=3', ...output]);
  const { media, plan, whole } = await encodeClip(path('program.mpg'));
  expect(media.video).toMatchObject({ constantRate: true, frames: 75 });
  expect(plan.frames).toBe(75);
  expect(whole.warnings).toEqual([]);
});

test('segments lie on a grid of about four seconds', async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc=s=160x120:r=30000/1001:d=9'];
  await ffmpegForTest([...picture, ...x264, path('grid.mp4')]);
  const { plan, whole } = await encodeClip(path('grid.mp4'));
  expect(plan.gopFrames).toBe(120);
  expect(plan.frames).toBe(270);
  expect(whole.qc.renditions[0]?.segments).toBe(3);
  expect(whole.qc.renditions[0]?.segmentsStartWithIdr).toBe(true);
});

describe('a variable frame rate comes onto the grid', () => {
  test.each(['mp4', 'mkv'])('%s', async (type) => {
    // A second of black at 30, of which two of three frames are left out, then white at 30.
    const thinned = ['-filter_complex', "[0][1]concat,select='gte(n,30)+not(mod(n,3))'"];
    await ffmpegForTest([...darkThenBright(30), ...thinned, ...x264, path('thinned.mkv')]);
    const name = path(`variable.${type}`);
    await ffmpegForTest(['-i', path('thinned.mkv'), '-c', 'copy', name]);
    const encoded = await encodeClip(name);
    expect(encoded.media.video.frames).toBe(40);
    expect(encoded.media.video.constantRate).toBe(false);
    const rate = encoded.plan.frameRate.numerator / encoded.plan.frameRate.denominator;
    const pictures = await decodePictures(encoded);
    expect(pictures.count).toBe(encoded.plan.frames);
    expect(Math.abs(pictures.count / rate - 2)).toBeLessThan(0.04);
    expect(Math.abs(flashFrame(pictures) / rate - 1)).toBeLessThan(0.04);
    expect(encoded.whole.warnings).toEqual([]);
  });

  test('a last picture that stays long stays so', async () => {
    const name = path('long-last.mkv');
    await ffmpegForTest([
      ...darkThenBright(30, 0.5, 3),
      ...['-filter_complex', "[0][1]concat,select='lte(n,15)+eq(n,104)'"],
      ...[...x264, name],
    ]);
    const encoded = await encodeClip(name);
    const pictures = await decodePictures(encoded);
    const { numerator, denominator } = encoded.plan.frameRate;
    expect(pictures.count).toBe(encoded.plan.frames);
    expect(Math.abs((pictures.count * denominator) / numerator - 3.5)).toBeLessThan(0.1);
  });
});

describe('sound and picture of different length', () => {
  const lengths = async (name: string, videoSeconds: number, audioSeconds: number) => {
    const sine = `sine=frequency=440:sample_rate=44100:duration=${audioSeconds}`;
    const picture = `testsrc=s=160x120:r=25:d=${videoSeconds}`;
    const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sine];
    await ffmpegForTest([...inputs, ...x264, '-c:a', 'aac', path(name)]);
    const encoded = await encodeClip(path(name));
    expect(encoded.whole.qc.passed).toBe(true);
    return { ...encoded, pictures: await decodePictures(encoded) };
  };

  test('a little more sound is cut with the picture', async () => {
    const { plan, whole } = await lengths('little.mp4', 1, 1.3);
    expect(plan.frames).toBe(25);
    expect(whole.qc.audio?.durationSeconds).toBeCloseTo(1, 3);
  });

  test('much more sound keeps the last picture', async () => {
    const { plan, pictures, whole } = await lengths('longer.mp4', 1, 2.5);
    expect(Math.abs(plan.frames - 62.5)).toBeLessThanOrEqual(1.5);
    expect(pictures.count).toBe(plan.frames);
    expect(Math.abs((whole.qc.audio?.durationSeconds ?? 0) - 2.5)).toBeLessThan(0.05);
  });

  test('less sound ends in silence', async () => {
    const { plan, whole } = await lengths('shorter.mp4', 2, 0.5);
    expect(plan.frames).toBe(50);
    expect(whole.qc.audio?.durationSeconds).toBeCloseTo(2, 3);
  });

  test('one frame under a long sound is a still under that sound', async () => {
    const { plan, pictures } = await lengths('still.mp4', 0.04, 2);
    expect(plan.frames).toBe(50);
    expect(pictures.count).toBe(50);
  });
});

test.each(['mp4', 'mkv', 'ts'])('a video of one frame is one frame (%s)', async (type) => {
  const name = path(`one.${type}`);
  await ffmpegForTest(['-f', 'lavfi', '-i', 'testsrc=s=160x120:r=25:d=0.04', ...x264, name]);
  const encoded = await encodeClip(name);
  expect(encoded.plan.frames).toBe(1);
  expect((await decodePictures(encoded)).count).toBe(1);
});
