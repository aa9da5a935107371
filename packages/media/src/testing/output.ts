import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type EncodePlan, Outputs, type SourceMedia } from '@spillway/contracts';
import { encodeWhole } from '../encode-whole.ts';
import { findFfmpeg } from '../ffmpeg/find.ts';
import { planSource } from '../plan/plan-source.ts';
import { inspectSource } from '../source/inspect.ts';
import type { OutputFile, WholeEncode } from '../types.ts';
import { testFfmpegPath } from './clip.ts';

const execute = promisify(execFile);

export type Encoded = {
  media: SourceMedia;
  plan: EncodePlan;
  whole: WholeEncode;
  /** Holds the output as a player would find it. */
  folder: string;
};

async function readBytes(file: OutputFile): Promise<Uint8Array> {
  if (file.from === 'memory') return file.data;
  const handle = await open(file.path);
  try {
    const length = file.end - file.start;
    return (await handle.read(Buffer.alloc(length), 0, length, file.start)).buffer;
  } finally {
    await handle.close();
  }
}

export async function writeOutput(files: readonly OutputFile[], folder: string): Promise<void> {
  for (const file of files) {
    const path = join(folder, file.name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await readBytes(file));
  }
}

/** The whole way of this package, for a test: inspect, plan, encode, write the files beside a source. */
export async function encodeClip(
  address: string,
  options: { allowPartial?: boolean; folder?: string; outputs?: Partial<Outputs> } = {},
): Promise<Encoded> {
  const { allowPartial = false, folder: parent = dirname(address) } = options;
  const outputs = Outputs.parse(options.outputs ?? {});
  const ffmpeg = await findFfmpeg();
  const { signal } = new AbortController();
  const media = await inspectSource(ffmpeg, address, { allowPartial, signal });
  const plan = planSource(media, { whole: true, outputs });
  const workDir = await mkdtemp(join(parent, 'work-'));
  const whole = await encodeWhole({
    ...{ ffmpeg, address, media, plan, formats: outputs.formats, workDir, signal },
    captions: [],
    onProgress: () => {},
    stallSeconds: 60,
  });
  const folder = join(workDir, 'output');
  await writeOutput(whole.files, folder);
  return { media, plan, whole, folder };
}

/** Runs ffmpeg and returns its standard output. */
async function decode(args: readonly string[]): Promise<Buffer> {
  const { stdout } = await execute(
    await testFfmpegPath(),
    ['-nostdin', '-v', 'error', ...args, '-'],
    {
      encoding: 'buffer',
      maxBuffer: 512 * 1024 * 1024,
    },
  );
  return stdout;
}

/** Red, green and blue of 0..255. */
export type Colour = [red: number, green: number, blue: number];

export type Pictures = {
  count: number;
  /** The colour at a place of a picture, both from 0 to 1, from the left and from the top. */
  at(index: number, x: number, y: number): Colour;
};

/** Decodes what a player of the best rendition (or of `name`) would show, from time 0 on. */
export async function decodePictures(
  { folder, whole }: Pick<Encoded, 'folder' | 'whole'>,
  name = whole.renditions[0]?.name ?? '',
): Promise<Pictures> {
  const rendition = whole.renditions.find((one) => one.name === name);
  if (!rendition) throw new RangeError(`There is no rendition ${name}.`);
  const { width, height, frameRate } = rendition;
  const bytes = await decode([
    ...['-copyts', '-i', join(folder, name, 'playlist.m3u8')],
    ...['-vf', `fps=${frameRate}:start_time=0`, '-r', frameRate],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24'],
  ]);
  const size = width * height * 3;
  return {
    count: bytes.length / size,
    at(index, x, y) {
      const column = Math.min(width - 1, Math.floor(x * width));
      const row = Math.min(height - 1, Math.floor(y * height));
      const start = index * size + (row * width + column) * 3;
      const [red = -1, green = -1, blue = -1] = bytes.subarray(start, start + 3);
      return [red, green, blue];
    },
  };
}

/** Decodes the sound from time 0 on: one channel, 48,000 samples a second, -1..1. */
export async function decodeSound({ folder }: Pick<Encoded, 'folder'>): Promise<Float32Array> {
  const bytes = await decode([
    ...['-copyts', '-i', join(folder, 'audio', 'playlist.m3u8')],
    ...['-af', 'aresample=48000:async=1:first_pts=0', '-ac', '1', '-f', 'f32le'],
  ]);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Seconds of the first sample of the sound that is loud; NaN when all is silent. */
export function soundStart(samples: Float32Array): number {
  const index = samples.findIndex((sample) => Math.abs(sample) > 0.05);
  return index < 0 ? Number.NaN : index / 48_000;
}

/** Index of the first picture whose middle is bright; -1 when all are dark. */
export function flashFrame(pictures: Pictures): number {
  for (let index = 0; index < pictures.count; index += 1)
    if (pictures.at(index, 0.5, 0.5)[1] > 128) return index;
  return -1;
}
