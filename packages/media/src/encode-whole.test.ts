import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Outputs, outputFiles, QcReport, Rendition } from '@spillway/contracts';
import { encodeWhole } from './encode-whole.ts';
import { encodeArguments } from './ffmpeg/arguments.ts';
import { findFfmpeg } from './ffmpeg/find.ts';
import { decodeSound, type Encoded, encodeClip, ffmpegForTest, makeClip } from './testing/index.ts';

/** Ten seconds of 360 lines: two renditions, three segments each. */
let encoded: Encoded;
let source: string;
let folder: string;
afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-whole-'));
  source = await makeClip({ folder, seconds: 10, width: 640, height: 360, fps: '30000/1001' });
  encoded = await encodeClip(source);
});

const text = (name: string) => readFile(join(encoded.folder, name), 'utf8');
const names = () => encoded.whole.files.map(({ name }) => name);

describe('a whole output', () => {
  test('has every file that its playlists name, and these last', async () => {
    const segments = (folder: string) =>
      ['init.mp4', '00001.m4s', '00002.m4s', '00003.m4s', 'playlist.m3u8'].map(
        (name) => `${folder}/${name}`,
      );
    const { hls, dash, poster, thumbnails, qc } = outputFiles;
    const sides = [hls, dash, poster, thumbnails, 'thumbnails-00001.jpg', qc];
    expect(names().sort()).toEqual(
      [...segments('360p'), ...segments('240p'), ...segments('audio'), ...sides].sort(),
    );
    expect(encoded.whole.files.map(({ name }) => name).at(-1)).toBe('master.m3u8');
  });

  test('describes its renditions as they are', () => {
    const [top, low] = encoded.whole.renditions.map((rendition) => Rendition.parse(rendition));
    expect(top).toMatchObject({
      name: '360p',
      width: 640,
      height: 360,
      frameRate: '30000/1001',
      codecs: expect.stringMatching(/^avc1\.6400[0-9a-f]{2}$/),
      frames: 300,
      segments: 3,
    });
    expect(low).toMatchObject({ name: '240p', width: 426, height: 240 });
    expect(low?.bytes).toBeLessThan(top?.bytes ?? 0);
    expect(encoded.whole.durationSeconds).toBeCloseTo(10.01, 6);
    expect(encoded.whole.cpuSeconds).toBeGreaterThan(0);
  });

  test('passes its QC, which is in qc.json', async () => {
    const qc = QcReport.parse(JSON.parse(await text('qc.json')));
    expect(qc).toEqual(encoded.whole.qc);
    expect(qc.passed).toBe(true);
    expect(qc.audioVideoDifferenceSeconds).toBeCloseTo(0, 4);
  });

  test('is read by ffmpeg without a word, as HLS and, where the build can, as DASH', async () => {
    const { ffmpegPath } = await findFfmpeg();
    const { stdout } = await promisify(execFile)(ffmpegPath, ['-v', 'error', '-demuxers']);
    const manifests = / dash /.test(stdout) ? ['manifest.mpd'] : [];
    for (const name of ['master.m3u8', '360p/playlist.m3u8', ...manifests])
      expect(
        await ffmpegForTest(['-v', 'warning', '-i', join(encoded.folder, name), '-f', 'null', '-']),
      ).toBe('');
  });

  test('has a master playlist that promises what the segments keep', async () => {
    const master = await text('master.m3u8');
    const lines = master.split('\n').filter((line) => line.startsWith('#EXT-X-STREAM-INF'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /CODECS="avc1\.6400..,mp4a\.40\.2",RESOLUTION=640x360,FRAME-RATE=29\.970,AUDIO="audio"/,
    );
    const bandwidth = Number(/[:,]BANDWIDTH=(\d+)/.exec(lines[0] ?? '')?.[1]);
    const sizes = ['360p', 'audio'].map((folder) =>
      encoded.whole.files.flatMap((file) =>
        file.from === 'file' && file.name.startsWith(`${folder}/0`) ? [file.end - file.start] : [],
      ),
    );
    for (const index of [0, 1]) {
      const bits = (sizes[0]?.[index] ?? 0) * 8 + (sizes[1]?.[index] ?? 0) * 8;
      expect(bits / 4.011).toBeLessThanOrEqual(bandwidth);
    }
    expect(master).toContain('CHANNELS="1",URI="audio/playlist.m3u8"');
  });

  test('has media playlists whose durations add up', async () => {
    for (const folder of ['360p', 'audio']) {
      const playlist = await text(`${folder}/playlist.m3u8`);
      const durations = [...playlist.matchAll(/#EXTINF:([\d.]+),/g)].map(([, value]) =>
        Number(value),
      );
      const target = Number(/TARGETDURATION:(\d+)/.exec(playlist)?.[1]);
      expect(Math.max(...durations.map(Math.round))).toBe(target);
      expect(Math.abs(durations.reduce((sum, one) => sum + one) - 10.01)).toBeLessThan(0.03);
      expect(playlist).toContain('#EXT-X-MAP:URI="init.mp4"');
      expect(playlist.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
    }
  });

  test('has a DASH timeline equal to the segments', async () => {
    const manifest = await text('manifest.mpd');
    expect(manifest).toContain('mediaPresentationDuration="PT10.010S"');
    const [video = '', audio = ''] = manifest.split('contentType="audio"');
    const sum = (part: string) => {
      const timescale = Number(/timescale="(\d+)"/.exec(part)?.[1]);
      const runs = [...part.matchAll(/<S(?: t="0")? d="(\d+)"(?: r="(\d+)")?\/>/g)];
      return runs.reduce((all, [, d, r]) => all + Number(d) * (Number(r ?? 0) + 1), 0) / timescale;
    };
    expect(sum(video)).toBeCloseTo(10.01, 6);
    expect(Math.abs(sum(audio) - 10.01)).toBeLessThan(0.03);
  });

  test('has a poster of the size of a rendition', async () => {
    const jpeg = await readFile(join(encoded.folder, 'poster.jpg'));
    expect(jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    const said = await ffmpegForTest(['-i', join(encoded.folder, 'poster.jpg'), '-f', 'null', '-']);
    expect(said).toMatch(/Video: mjpeg.*yuvj420p.* 640x360/);
  });
});

test('the poster is not the black first frame, and its range is full', async () => {
  const parts = ['color=c=black:s=320x240:r=25:d=0.1', 'color=c=0x282828:s=320x240:r=25:d=1.9'];
  const clip = join(encoded.folder, 'dark-first.mp4');
  await ffmpegForTest([
    ...parts.flatMap((part) => ['-f', 'lavfi', '-i', part]),
    ...['-filter_complex', '[0][1]concat', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', clip],
  ]);
  const output = (await encodeClip(clip)).folder;
  const pixel = join(output, 'pixel.rgb');
  const grey = ['-vf', 'crop=16:16', '-pix_fmt', 'rgb24', '-f', 'rawvideo', pixel];
  await ffmpegForTest(['-i', join(output, 'poster.jpg'), ...grey]);
  const [luma = 0] = await readFile(pixel);
  expect(Math.abs(luma - 0x28)).toBeLessThanOrEqual(4);
});

test.each([
  ['mono', 1, 1],
  ['5.1', 6, 2],
])('%s sound has %d channels before and %d after', async (_, before, after) => {
  const clip = await makeClip({ folder, name: `${before}.mp4`, output: ['-ac', `${before}`] });
  const { media, plan, ...encodedClip } = await encodeClip(clip);
  expect(media.audio?.channels).toBe(before);
  expect(plan.audio?.channels).toBe(after);
  const sound = await decodeSound(encodedClip);
  expect(Math.max(...sound)).toBeGreaterThan(0.05);
});

test('a source without sound has an output without sound', async () => {
  const silent = await makeClip({ folder, name: 'silent.mp4', audio: false });
  const { whole, folder: output } = await encodeClip(silent);
  expect(whole.qc.audio).toBeNull();
  expect(whole.files.some(({ name }) => name.startsWith('audio/'))).toBe(false);
  expect(await readFile(join(output, 'master.m3u8'), 'utf8')).not.toContain('AUDIO');
});

test('an output has the formats that were ordered', async () => {
  const clip = await makeClip({ folder, name: 'formats.mp4' });
  const namesOf = async (formats: Outputs['formats']) =>
    (await encodeClip(clip, { outputs: { formats } })).whole.files.map(({ name }) => name);
  const segments = ['180p/init.mp4', '180p/00001.m4s', 'audio/init.mp4', 'audio/00001.m4s'];
  const always = [...segments, 'poster.jpg', 'qc.json'];
  const playlists = ['180p/playlist.m3u8', 'audio/playlist.m3u8', 'master.m3u8'];
  expect((await namesOf(['hls'])).sort()).toEqual([...always, ...playlists].sort());
  expect((await namesOf(['dash', 'mp4'])).sort()).toEqual(
    [...always, 'manifest.mpd', 'video.mp4'].sort(),
  );
});

test('an output that is not what was planned is never taken for whole', async () => {
  const { plan } = encoded;
  const ffmpeg = await findFfmpeg();
  const grown = { ...plan, frames: plan.frames + 200 };
  const running = encodeWhole({
    ...{ ffmpeg, address: source, plan: grown, formats: ['hls'], captions: [], stallSeconds: 60 },
    workDir: join(encoded.folder, '..'),
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  await expect(running).rejects.toMatchObject({
    code: 'output_not_whole',
    message: expect.stringContaining('frames where 500 were planned'),
  });
});

describe('the command', () => {
  const args = (frames: number) =>
    encodeArguments({
      ...{ address: '/a/clip.mp4', media: encoded.media, workDir: '/work' },
      plan: { ...encoded.plan, frames },
    });
  const after = (list: string[], flag: string) => list[list.indexOf(flag) + 1];

  test('uses one thread for little work, ffmpeg`s own choice for much', () => {
    expect(after(args(25), '-threads')).toBe('1');
    expect(after(args(25), '-filter_complex_threads')).toBe('1');
    expect(args(100_000).join(' ')).not.toContain('threads');
  });

  test('lets ffmpeg open one local file and no demuxer that reads others', () => {
    expect(after(args(1), '-protocol_whitelist')).toBe('file,pipe');
    const demuxers = after(args(1), '-format_whitelist')?.split(',') ?? [];
    for (const name of ['hls', 'applehttp', 'dash', 'concat', 'image2', 'sdp', 'rtsp', 'lavfi'])
      expect(demuxers).not.toContain(name);
    expect(after(args(1), '-i')).toBe('file:/a/clip.mp4');
  });
});
