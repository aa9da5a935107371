import { JobError, type SourceRef } from '@spillway/contracts';
import { StorageError } from '@spillway/storage';
import type { EncodeParts } from './work.ts';

/** What ffmpeg reads the source from: our object store, and a local file only where that is allowed. */
export async function addressOf(
  { storage, checkLocalFile }: EncodeParts,
  source: SourceRef,
): Promise<string> {
  if (source.from === 'file') {
    if (!checkLocalFile) {
      throw new JobError(
        'source_not_allowed',
        'A file of the server is read in standalone mode only: give an https address.',
      );
    }
    await checkLocalFile(source.path);
    return source.path;
  }
  if (source.from === 's3') {
    throw new JobError('source_not_allowed', 'This worker reads no buckets of customers.');
  }
  const found = await storage.head(source.key);
  if (!found) throw gone();
  if (found.etag !== source.etag) {
    throw new JobError(
      'source_changed',
      'The stored source is no longer the one that was ordered.',
    );
  }
  try {
    return await storage.addressFor(source.key);
  } catch (error) {
    // Another attempt has just completed the order, which needs its source no more.
    if (error instanceof StorageError && error.code === 'not_found') throw gone(error);
    throw error;
  }
}

const gone = (cause?: unknown): JobError =>
  new JobError('source_not_found', 'The stored source is gone: order it again.', { cause });
