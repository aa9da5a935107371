import type { EncodeChunk, EncodePart, PartEncode } from './types.ts';

/**
 * Encodes one chunk of a plan: one ffmpeg process decodes it once and makes its segments of every
 * rendition, its thumbnails, and the poster where it holds that frame. Nothing is written to a disk.
 * Rejects with an `EncodeError`, with what `onFile` rejects with, or with `signal.reason`.
 */
export async function encodeChunk(_options: EncodeChunk): Promise<PartEncode> {
  throw new Error('encodeChunk follows.');
}

/** Encodes the whole sound of a plan, continuously; rejects as `encodeChunk` does. */
export async function encodeAudio(_options: EncodePart): Promise<PartEncode> {
  throw new Error('encodeAudio follows.');
}
