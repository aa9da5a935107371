import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { translate } from './errors.ts';

export interface BodyToWrite {
  readonly key: string;
  readonly body: Readable;
  /** Where in the file it begins. */
  readonly position: number;
}

/**
 * Writes a body to a file and syncs it; returns where it ended. A body that breaks rejects with its own
 * error, not as one of the storage, and what was read of it before is synced too.
 */
export async function writeBody(
  handle: FileHandle,
  { key, body, position }: BodyToWrite,
): Promise<number> {
  let end = position;
  let broken: { error: unknown } | undefined;
  const watched = async function* () {
    try {
      yield* body;
    } catch (error) {
      broken = { error };
    }
  };
  try {
    for await (const piece of watched()) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, { offset: done, position: end });
        done += bytesWritten;
        end += bytesWritten;
      }
    }
    await handle.sync();
  } catch (error) {
    throw translate(error, key);
  }
  if (broken) throw broken.error;
  return end;
}
