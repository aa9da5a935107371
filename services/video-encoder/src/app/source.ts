import { JobError, type SourceRef } from '@spillway/contracts';
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
  const found = await storage.head(source.key);
  if (!found) throw new JobError('source_not_found', 'The stored source is gone: order it again.');
  if (found.etag !== source.etag) {
    throw new JobError(
      'source_changed',
      'The stored source is no longer the one that was ordered.',
    );
  }
  return await storage.addressFor(source.key);
}
