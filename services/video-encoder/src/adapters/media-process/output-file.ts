import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { OutputFile } from '@spillway/media';

/** A segment is read in one go: a stream costs more than its bytes. */
const READ_AT_ONCE_BYTES = 4 * 1024 * 1024;

/** The bytes of one file of a finished encode. */
export async function openOutput(file: OutputFile): Promise<Uint8Array | Readable> {
  if (file.from === 'memory') return file.data;
  const { path, start, end } = file;
  const bytes = end - start;
  // A read stream's end is included.
  if (bytes > READ_AT_ONCE_BYTES) return createReadStream(path, { start, end: end - 1 });
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(bytes), 0, bytes, start);
    if (bytesRead !== bytes) throw new Error(`${path} ends before byte ${end}.`);
    return buffer;
  } finally {
    await handle.close();
  }
}
