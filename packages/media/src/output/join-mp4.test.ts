import { execFile } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findFfmpeg } from '../ffmpeg/find.ts';
import { type Encoded, encodeClip, ffmpegForTest, makeClip } from '../testing/index.ts';
import { joinMp4 } from './join-mp4.ts';

let folder: string;
let encoded: Encoded;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-mp4-'));
  encoded = await encodeClip(await makeClip({ folder, seconds: 6, fps: '30000/1001' }));
});
afterAll(() => rm(folder, { recursive: true }));

/** The init segment and the segments of a track behind each other, but for those left out. */
async function trackFile(name: string, leaveOut: string[] = []): Promise<string> {
  const from = join(encoded.folder, name);
  const names = (await readdir(from)).filter((file) => /\.m4s$/.test(file)).sort();
  const parts = ['init.mp4', ...names].filter((file) => !leaveOut.includes(file));
  const path = join(folder, `${name}-joined.mp4`);
  await writeFile(path, await Promise.all(parts.map((file) => readFile(join(from, file)))));
  return path;
}

async function joined(videoPath: string, audioPath: string | null): Promise<string> {
  const outPath = join(folder, 'out.mp4');
  const { frames } = encoded.plan;
  const rest = { frames, signal: new AbortController().signal, stallSeconds: 60 };
  await joinMp4({
    ...rest,
    ffmpeg: await findFfmpeg(),
    videoPath,
    audioPath,
    outPath,
  });
  return outPath;
}

async function probe(path: string) {
  const { ffprobePath } = await findFfmpeg();
  const entries = 'stream=codec_type,start_time,duration,nb_frames:format=start_time,duration';
  const args = ['-v', 'error', '-show_entries', entries, '-of', 'json', path];
  const { stdout } = await promisify(execFile)(ffprobePath, args);
  return JSON.parse(stdout);
}

/** Every decoded picture, or sound of equal portions, as time and hash. */
async function hashes(input: string, output: string[]): Promise<string[]> {
  const path = join(folder, 'hashes');
  await ffmpegForTest(['-copyts', '-i', input, ...output, '-f', 'framemd5', path]);
  return (await readFile(path, 'utf8')).split('\n').filter((line) => /^\d/.test(line));
}

describe('a progressive MP4', () => {
  test('has its index first, all frames, and picture and sound from 0', async () => {
    const path = await joined(await trackFile('180p'), await trackFile('audio'));
    const handle = await open(path);
    const { buffer } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    await handle.close();
    expect(buffer.toString('latin1', 36, 40)).toBe('moov');
    const { streams, format } = await probe(path);
    expect(streams).toMatchObject([
      { codec_type: 'video', start_time: '0.000000', nb_frames: '180' },
      { codec_type: 'audio', start_time: '0.000000' },
    ]);
    for (const { duration } of [...streams, format])
      expect(Math.abs(Number(duration) - 6.006)).toBeLessThan(0.03);
  });

  test('shows and plays exactly what the stream does', async () => {
    const path = await joined(await trackFile('180p'), await trackFile('audio'));
    const stream = (name: string) => join(encoded.folder, name, 'playlist.m3u8');
    const picture = ['-map', '0:v', '-r', '30000/1001'];
    expect(await hashes(path, picture)).toEqual(await hashes(stream('180p'), picture));
    // The stream says to the sample where the sound ends, an MP4 to the AAC frame.
    const sound = [
      '-map',
      '0:a',
      '-af',
      'atrim=start=0:end=6,asetnsamples=4800',
      '-c:a',
      'pcm_s16le',
    ];
    const played = await hashes(path, sound);
    expect(played).toHaveLength(60);
    expect(played).toEqual(await hashes(stream('audio'), sound));
  });

  test('needs no sound', async () => {
    const { streams } = await probe(await joined(await trackFile('180p'), null));
    expect(streams).toMatchObject([{ codec_type: 'video', nb_frames: '180' }]);
  });

  test('that lacks a segment is not whole', async () => {
    const making = joined(await trackFile('180p', ['00002.m4s']), null);
    await expect(making).rejects.toMatchObject({
      code: 'output_not_whole',
      message: expect.stringContaining('180 frames were planned'),
    });
  });
});
