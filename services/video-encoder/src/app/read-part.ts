import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { JobError } from '@spillway/contracts';
import { type ObjectStore, StorageError } from '@spillway/storage';

/** An object that a job before this one wrote: without it the output cannot be made. */
export async function openPart(storage: ObjectStore, key: string): Promise<Readable> {
  try {
    return (await storage.get(key)).body;
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'not_found') throw error;
    const message = 'A part of the output is gone from the object store: order it again.';
    throw new JobError('output_not_whole', message, { cause: error });
  }
}

export const readPart = async (storage: ObjectStore, key: string): Promise<Buffer> =>
  buffer(await openPart(storage, key));
