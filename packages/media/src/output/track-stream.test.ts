import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeClip } from '../testing/index.ts';
import { readJpegs } from './jpeg-stream.ts';
import { readTrack } from './track.ts';
import { readTrackStream } from './track-stream.ts';

let folder: string;
let path: string;
let file: Buffer;
afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-stream-'));
  const flags = '+frag_keyframe+empty_moov+delay_moov+default_base_moof+skip_trailer';
  const output = ['-g', '10', '-movflags', flags];
  path = await makeClip({ folder, audio: false, width: 64, height: 48, output });
  file = await readFile(path);
});

/** A stream of these bytes in pieces that end at the given parts of it. */
async function* pieces(bytes: Buffer, ends: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const part of [...ends].sort((a, b) => a - b)) {
    const end = Math.floor(part * bytes.length);
    if (end > start) yield bytes.subarray(start, end);
    start = Math.max(start, end);
  }
  if (start < bytes.length) yield bytes.subarray(start);
}

const ends = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

test('a track is the same however its bytes come, and as it is read from a file', async () => {
  const { path: _, segments, ...header } = await readTrack(path);
  const reports = segments.map(({ start: _start, ...report }) => report);
  expect(reports).toHaveLength(3);
  await fc.assert(
    fc.asyncProperty(ends, async (at) => {
      const written: [what: 'init' | number, bytes: Buffer][] = [];
      const report = await readTrackStream(pieces(file, at), async (what, bytes) => {
        written.push([what, bytes]);
      });
      expect(report).toEqual({ ...header, segments: reports });
      expect(written.map(([what]) => what)).toEqual(['init', 0, 1, 2]);
      expect(Buffer.concat(written.map(([, bytes]) => bytes)).equals(file)).toBe(true);
    }),
  );
});

test('a track that is cut off anywhere but behind a segment is not whole', async () => {
  const { initBytes, segments } = await readTrack(path);
  const whole = [initBytes, ...segments.map(({ start, bytes }) => start + bytes)];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (length) => {
      const read = readTrackStream(pieces(file.subarray(0, length), []), async () => {});
      if (whole.includes(length)) expect((await read).initBytes).toBe(initBytes);
      else await expect(read).rejects.toThrow(RangeError);
    }),
  );
});

test('pictures are cut apart however their bytes come', async () => {
  const picture = (fill: number) => Buffer.from([0xff, 0xd8, 0xff, fill, 0xff, 0x00, 0xff, 0xd9]);
  const all = [picture(1), picture(2), picture(3)];
  await fc.assert(
    fc.asyncProperty(ends, async (at) => {
      const found: Buffer[] = [];
      for await (const one of readJpegs(pieces(Buffer.concat(all), at))) found.push(one);
      expect(found.map((one) => one.toString('hex'))).toEqual(
        all.map((one) => one.toString('hex')),
      );
    }),
  );
  const cutOff = readJpegs(pieces(picture(1).subarray(0, 5), []));
  await expect(cutOff.next()).rejects.toThrow(RangeError);
});
