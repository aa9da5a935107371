import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chunkCount, type EncodePlan, Outputs } from '@spillway/contracts';
import { encodeAudio, encodeChunk } from '../encode-part.ts';
import { findFfmpeg } from '../ffmpeg/find.ts';
import { type EncodedPart, type PackagedOutput, packageOutput } from '../output/package-output.ts';
import { planSource } from '../plan/plan-source.ts';
import { inspectSource } from '../source/inspect.ts';
import type { EncodedFile, PartEncode } from '../types.ts';
import { writeOutput } from './output.ts';

export type ChunkedEncode = {
  plan: EncodePlan;
  /** Holds a folder of each part, and `package`, as an object store would under an order's prefix. */
  folder: string;
  chunks: EncodedPart[];
  audio: EncodedPart | null;
  packaged: PackagedOutput | { unfit: string };
};

/** Encodes a clip in chunks of so many GOPs, however short it is, and packages them. */
export async function encodeChunked(
  address: string,
  { gopsPerChunk, outputs: asked = {} }: { gopsPerChunk: number; outputs?: Partial<Outputs> },
): Promise<ChunkedEncode> {
  const outputs = Outputs.parse(asked);
  const ffmpeg = await findFfmpeg();
  const { signal } = new AbortController();
  const media = await inspectSource(ffmpeg, address, { allowPartial: false, signal });
  const whole = planSource(media, { whole: true, outputs });
  const plan = { ...whole, chunkFrames: gopsPerChunk * whole.gopFrames };
  const folder = await mkdtemp(join(dirname(address), 'order-'));
  const part = async (
    name: string,
    encode: (onFile: (file: EncodedFile) => Promise<void>) => Promise<PartEncode>,
  ): Promise<EncodedPart> => {
    const { report } = await encode(async (file) => {
      const path = join(folder, name, file.name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.data);
    });
    return { prefix: `${name}/`, report };
  };
  const source = { ffmpeg, address, plan, signal, stallSeconds: 60, onProgress: () => {} };
  const chunks: EncodedPart[] = [];
  for (let index = 0; index < chunkCount(plan); index += 1)
    chunks.push(
      await part(`encode-chunk-${index}`, (onFile) => encodeChunk({ ...source, index, onFile })),
    );
  const audio =
    plan.audio && (await part('encode-audio', (onFile) => encodeAudio({ ...source, onFile })));
  const packaged = packageOutput({
    captions: null,
    plan,
    outputs,
    prefix: 'package/',
    chunks,
    audio,
  });
  if ('files' in packaged) await writeOutput(packaged.files, join(folder, 'package'));
  return { plan, folder, chunks, audio, packaged };
}
