import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SourceMedia } from '@spillway/contracts';
import { findFfmpeg } from './ffmpeg/find.ts';
import { inspectSource } from './source/inspect.ts';
import { encodeClip, ffmpegForTest } from './testing/index.ts';
import { serveRanges } from './testing/range-server.ts';

const execute = promisify(execFile);
let folder: string;
const path = (name: string) => join(folder, name);

const inspect = async (address: string): Promise<SourceMedia> => {
  const { signal } = new AbortController();
  return inspectSource(await findFfmpeg(), address, { allowPartial: false, signal });
};

const picture = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc=s=320x240:r=25:d=${seconds}`];
const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=d=${seconds}:r=48000`];
const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25', '-pix_fmt', 'yuv420p'];

afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-refusals-'));
  const clip = [...picture(6), ...tone(6), ...x264, '-c:a', 'aac', path('clip.mp4')];
  await ffmpegForTest(clip);
});

describe('what is no video is refused by its content, whatever its name', () => {
  const texts: [name: string, code: string, content: string][] = [
    ['text.mp4', 'source_not_media', 'This is no video.\n'],
    ['page.mp4', 'source_not_media', '<!doctype html><html><body>Not found</body></html>'],
    ['subtitles.srt', 'source_not_media', '1\n00:00:01,000 --> 00:00:02,000\nHello\n'],
    [
      'noise.bin',
      'source_not_media',
      Array.from({ length: 4096 }, (_, i) => String.fromCharCode((i * 7919) % 251)).join(''),
    ],
    ['empty.mp4', 'source_empty', ''],
    [
      'list.m3u8',
      'source_not_allowed',
      '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
    ],
    ['list.mp4', 'source_not_allowed', '\n \n#EXTM3U\n#EXTINF:1,\nhttp://169.254.169.254/\n'],
    [
      'tagged.mp3',
      'source_not_allowed',
      'ID3\x04\0\0\0\0\0\x0a0123456789#EXTM3U\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n',
    ],
    ['concat.txt', 'source_not_allowed', 'ffconcat version 1.0\nfile /etc/passwd\n'],
    ['concat.mp4', 'source_not_allowed', "file '/etc/passwd'\n"],
    [
      'manifest.mpd',
      'source_not_allowed',
      '<?xml version="1.0"?>\n<MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>',
    ],
    [
      'session.sdp',
      'source_not_allowed',
      'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=video 5004 RTP/AVP 96\r\n',
    ],
  ];
  test.each(texts)('%s: %s', async (name, code, content) => {
    await writeFile(path(name), content, 'latin1');
    await expect(inspect(path(name))).rejects.toMatchObject({ code, retryable: false });
  });

  test.each(['jpg', 'bmp', 'tiff', 'gif'])('a still image (%s) has no video', async (type) => {
    await ffmpegForTest([...picture(0.04), '-frames:v', '1', path(`still.${type}`)]);
    await expect(inspect(path(`still.${type}`))).rejects.toMatchObject({
      code: 'source_no_video',
      message: expect.stringMatching(/still \w+ image/),
    });
  });

  test('a PNG has no video, whatever its name', async () => {
    await writeFile(path('picture.mp4'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    await expect(inspect(path('picture.mp4'))).rejects.toMatchObject({ code: 'source_no_video' });
  });

  test.each(['wav', 'mp3', 'm4a', 'mkv'])('sound alone (%s) has no video', async (type) => {
    await ffmpegForTest([...tone(1), path(`sound.${type}`)]);
    await expect(inspect(path(`sound.${type}`))).rejects.toMatchObject({ code: 'source_no_video' });
  });

  test('sound with a cover image has no video', async () => {
    await ffmpegForTest([...picture(0.04), '-frames:v', '1', path('cover.jpg')]);
    const inputs = [...tone(1), '-i', path('cover.jpg'), '-map', '0', '-map', '1'];
    const cover = ['-c:v', 'copy', '-disposition:v:0', 'attached_pic', path('cover.mp3')];
    await ffmpegForTest([...inputs, '-id3v2_version', '3', ...cover]);
    await expect(inspect(path('cover.mp3'))).rejects.toMatchObject({
      code: 'source_no_video',
      message: expect.stringContaining('cover'),
    });
  });

  test('what is not there is not found', async () => {
    await expect(inspect(path('nowhere.mp4'))).rejects.toMatchObject({ code: 'source_not_found' });
    await expect(inspect(folder)).rejects.toMatchObject({ code: 'source_not_found' });
  });

  test('what is there while no more files can be opened is tried again', async () => {
    const program = `
      import { openSync } from 'node:fs';
      import { openSource } from '${import.meta.dirname}/source/bytes.ts';
      try { for (;;) openSync('/dev/null'); } catch {}
      openSource('${path('clip.mp4')}').catch(({ code }) => console.log(code));`;
    const script = `ulimit -n 64; exec "$0" --input-type=module -e "$1"`;
    const { stdout } = await execute('sh', ['-c', script, process.execPath, program]);
    expect(stdout).toBe('storage_unavailable\n');
  });
});

describe('streams are chosen', () => {
  test('a cover image is not the picture', async () => {
    await ffmpegForTest([...picture(0.04), '-frames:v', '1', path('art.jpg')]);
    const inputs = ['-i', path('art.jpg'), '-i', path('clip.mp4'), '-map', '0', '-map', '1'];
    const codecs = ['-c', 'copy', '-disposition:v:0', 'attached_pic', path('art.mp4')];
    await ffmpegForTest([...inputs, ...codecs]);
    const { video } = await inspect(path('art.mp4'));
    expect(video).toMatchObject({ codec: 'h264', frames: 150 });
  });

  test('of several sounds, the default one', async () => {
    const inputs = [...picture(1), ...tone(1), '-f', 'lavfi', '-i', 'sine=f=2000:d=1:r=44100'];
    const maps = ['-map', '0', '-map', '1', '-map', '2', '-disposition:a:0', '0'];
    const output = ['-disposition:a:1', 'default', ...x264, '-c:a', 'aac', path('two.mkv')];
    await ffmpegForTest([...inputs, ...maps, ...output]);
    const { audio } = await inspect(path('two.mkv'));
    expect(audio).toMatchObject({ streamIndex: 2, sampleRate: 44_100 });
  });
});

describe('absurd headers are refused before anything makes room for them', () => {
  const patched = async (name: string, change: (bytes: Buffer) => void): Promise<string> => {
    const bytes = await readFile(path('clip.mp4'));
    change(bytes);
    await writeFile(path(name), bytes);
    return path(name);
  };
  const box = (bytes: Buffer, type: string): number => bytes.indexOf(type) + 4;

  test('a billion frames', async () => {
    const source = await patched('frames.mp4', (bytes) => {
      bytes.writeUInt32BE(1e9, box(bytes, 'stts') + 8);
      bytes.writeUInt32BE(100, box(bytes, 'stsz') + 4);
      bytes.writeUInt32BE(1e9, box(bytes, 'stsz') + 8);
    });
    await expect(inspect(source)).rejects.toMatchObject({
      code: 'source_unsupported',
      message: expect.stringContaining('1000000000 frames'),
    });
  });

  test('a picture of 65535x65535', async () => {
    await ffmpegForTest([...picture(0.2), '-c:v', 'mjpeg', path('plain.avi')]);
    // Every frame says it: height and width follow a JPEG's SOF0 marker, its length and its depth.
    const marker = '\xff\xc0\0\x11\x08';
    const [start, ...frames] = (await readFile(path('plain.avi'), 'latin1')).split(marker);
    const patchedFrames = frames.map((frame) => `\xff\xff\xff\xff${frame.slice(4)}`);
    const content = [start, ...patchedFrames].join(marker);
    const bytes = Buffer.from(content, 'latin1');
    const format = bytes.indexOf('strf') + 8;
    bytes.writeUInt32LE(65_535, format + 4);
    bytes.writeUInt32LE(65_535, format + 8);
    await writeFile(path('huge.avi'), bytes);
    await expect(inspect(path('huge.avi'))).rejects.toMatchObject({ code: 'source_unsupported' });
  });

  test('a million frames a second', async () => {
    const source = await patched('rate.mp4', (bytes) => {
      bytes.writeUInt32BE(1, box(bytes, 'stts') + 12);
      bytes.writeUInt32BE(1e6, box(bytes, 'mdhd') + 12);
    });
    await expect(inspect(source)).rejects.toMatchObject({ code: 'source_unsupported' });
  });

  test('a track that refers to another file reads none', async () => {
    const source = await patched('reference.mp4', (bytes) => {
      bytes.writeUInt32BE(0, box(bytes, 'url '));
    });
    expect((await inspect(source)).video.frames).toBe(150);
  });
});

describe('over http', () => {
  test('a source is read by ranges and encoded', async () => {
    const server = await serveRanges(path('clip.mp4'));
    try {
      const { plan, whole } = await encodeClip(server.address, { folder });
      expect(plan.frames).toBe(150);
      expect(whole.qc.passed).toBe(true);
    } finally {
      server.close();
    }
  });
});
