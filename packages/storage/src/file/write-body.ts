import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { translate } from './errors.ts';

export interface BodyToWrite {
  readonly key: string;
  readonly body: Readable;
  /** Where in the file it begins. */
  readonly position: number;
}

/** So much at most waits for the sync at the end: a client hears nothing meanwhile, and may give up. */
const SYNC_EVERY_BYTES = 128 * 1024 * 1024;

/** Syncs a file while it is written. */
function syncer(handle: FileHandle) {
  let running: Promise<unknown> = Promise.resolve();
  let written = 0;
  return {
    async wrote(bytes: number): Promise<void> {
      written += bytes;
      if (written < SYNC_EVERY_BYTES) return;
      written = 0;
      await running;
      running = handle.datasync();
      // Told to whoever waits for it next.
      running.catch(() => undefined);
    },
    async end(): Promise<void> {
      await running;
      await handle.sync();
    },
  };
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
  const sync = syncer(handle);
  try {
    for await (const piece of watched()) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, { offset: done, position: end });
        done += bytesWritten;
        end += bytesWritten;
      }
      await sync.wrote(bytes.length);
    }
    await sync.end();
  } catch (error) {
    throw translate(error, key);
  }
  if (broken) throw broken.error;
  return end;
}
