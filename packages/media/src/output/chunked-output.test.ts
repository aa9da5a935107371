import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { trackFiles } from '@spillway/contracts';
import { findFfmpeg } from '../ffmpeg/find.ts';
import {
  type ChunkedEncode,
  encodeChunked,
  encodeClip,
  ffmpegForTest,
  makeClip,
} from '../testing/index.ts';
import { joinMp4 } from './join-mp4.ts';
import type { EncodedPart, PackagedOutput } from './package-output.ts';

const fps = '24000/1001';

let folder: string;
let clip: string;
let order: ChunkedEncode;
/** The folder of the playlists. */
let output: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-chunked-'));
  clip = await makeClip({ folder, seconds: 18, width: 432, height: 244, fps });
  order = await encodeChunked(clip, { gopsPerChunk: 2 });
  output = join(order.folder, 'package');
});
afterAll(() => rm(folder, { recursive: true }));

const packaged = (): PackagedOutput => {
  if ('unfit' in order.packaged) throw new Error(order.packaged.unfit);
  return order.packaged;
};

/** Presentation times of all pictures of a playlist. */
async function pictureTimes(playlist: string): Promise<string[]> {
  const path = join(folder, 'times');
  await ffmpegForTest([
    '-copyts',
    '-i',
    playlist,
    '-map',
    '0:v',
    '-r',
    fps,
    '-f',
    'framemd5',
    path,
  ]);
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line) => /^0,\s*\d+,\s*(\d+),/.exec(line)?.[1] ?? []);
}

/** Resolved against the file that says them. */
async function addressesIn(name: string, pattern: RegExp): Promise<string[]> {
  const text = await readFile(join(output, name), 'utf8');
  return [...text.matchAll(pattern)].map(([, uri = '']) => join(output, dirname(name), uri));
}

/** A track as one file: an init segment, then all segments. */
async function readParts(parts: EncodedPart[], name: string): Promise<Buffer[]> {
  const [first] = parts;
  const segments = parts.flatMap(({ prefix, report }) =>
    (report.tracks[name]?.segments ?? []).map(() => prefix),
  );
  const paths = [
    `${first?.prefix}${name}/${trackFiles.init}`,
    ...segments.map((prefix, index) => `${prefix}${name}/${trackFiles.segment(index)}`),
  ];
  return Promise.all(paths.map((path) => readFile(join(order.folder, path))));
}

describe('chunks, encoded one by one and packaged', () => {
  test('pass one QC report', () => {
    const { qc, output: described } = packaged();
    expect(qc.failures).toEqual([]);
    expect(qc.seams).toEqual({ checked: 2, broken: [] });
    for (const rendition of described.renditions)
      expect(rendition).toMatchObject({ frames: 432, segments: 5 });
  });

  test('are read by ffmpeg without a word, as HLS and, where the build can, as DASH', async () => {
    const { ffmpegPath } = await findFfmpeg();
    const { stdout } = await promisify(execFile)(ffmpegPath, ['-v', 'error', '-demuxers']);
    const manifests = / dash /.test(stdout) ? ['manifest.mpd'] : [];
    for (const name of ['master.m3u8', ...manifests])
      expect(
        await ffmpegForTest(['-v', 'warning', '-i', join(output, name), '-f', 'null', '-']),
      ).toBe('');
  });

  test('show every picture at its time, as one encode does', async () => {
    const { folder: whole } = await encodeClip(clip);
    const name = `${order.plan.video[0]?.name}/playlist.m3u8`;
    const times = await pictureTimes(join(output, name));
    expect(times).toHaveLength(432);
    expect(times).toEqual(await pictureTimes(join(whole, name)));
  });

  test('are named where they are', async () => {
    const name = order.plan.video[0]?.name;
    const inPlaylists = [
      ...(await addressesIn(`${name}/playlist.m3u8`, /^([^#\n].*)$/gm)),
      ...(await addressesIn('audio/playlist.m3u8', /^([^#\n].*)$/gm)),
      ...(await addressesIn('audio/playlist.m3u8', /URI="(.*)"/g)),
    ];
    const inManifest = await addressesIn('manifest.mpd', /(?:media|sourceURL)="([^$"]*)"/g);
    const pictures = await addressesIn('thumbnails.vtt', /^(\S+)#xywh/gm);
    expect(inPlaylists).toHaveLength(11);
    expect(pictures).toHaveLength(5);
    for (const path of [...inPlaylists, ...inManifest, ...pictures])
      expect((await stat(path)).size).toBeGreaterThan(0);
  });

  test('become one MP4', async () => {
    const { plan, chunks, audio } = order;
    const best = plan.video[0]?.name ?? '';
    const videoPath = join(folder, 'video.mp4');
    const audioPath = join(folder, 'audio.mp4');
    await writeFile(videoPath, await readParts(chunks, best));
    await writeFile(audioPath, await readParts(audio ? [audio] : [], trackFiles.audioFolder));
    const outPath = join(folder, 'all.mp4');
    const { signal } = new AbortController();
    const rest = { frames: plan.frames, signal, stallSeconds: 60 };
    await joinMp4({ ffmpeg: await findFfmpeg(), videoPath, audioPath, outPath, ...rest });
    expect(await pictureTimes(outPath)).toEqual(
      await pictureTimes(join(output, best, 'playlist.m3u8')),
    );
    const read = await ffmpegForTest(['-v', 'warning', '-i', outPath, '-f', 'null', '-']);
    expect(read).toBe('');
  });
});
