import type { EncodeReport } from '@spillway/contracts';

export type Seam = NonNullable<EncodeReport['seam']>;

/** Reads what ffmpeg's framemd5 writes of the first picture of a chunk and, if any, of the one behind its last. */
export async function readSeam(stream: AsyncIterable<Buffer>): Promise<Seam> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  const lines = Buffer.concat(parts).toString().split('\n');
  // Stream, decoding time, presentation time, duration, size, hash.
  const [first, next] = lines.flatMap((line) => /^\d.*,\s*([0-9a-f]+)$/.exec(line)?.[1] ?? []);
  if (!first) throw new RangeError('The first picture of the chunk is missing.');
  return { first, next: next ?? null };
}
