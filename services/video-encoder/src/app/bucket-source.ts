import { JobError, readS3Address } from '@spillway/contracts';
import { type Bucket, type Buckets, StorageError } from '@spillway/storage';

export const gone = (cause?: unknown): JobError =>
  new JobError('source_not_found', 'The source is gone: order it again.', { cause });

export const changed = (cause?: unknown): JobError =>
  new JobError('source_changed', 'The source is no longer the one that was ordered.', { cause });

/** Throws `source_not_allowed` for an address that names no object. */
export function bucketOf(buckets: Buckets, url: string): { bucket: Bucket; key: string } {
  const address = readS3Address(url);
  if (!address?.key) {
    throw new JobError(
      'source_not_allowed',
      'The source is no address of the form s3://bucket/key.',
    );
  }
  return { bucket: buckets(address.bucket), key: address.key };
}

/** What a customer's bucket answered, as an error of the source: it is not our store that failed. */
export async function asSourceError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const code = cause instanceof StorageError ? cause.code : 'unavailable';
    if (code === 'changed') throw changed(cause);
    if (code === 'not_found') throw gone(cause);
    if (code === 'denied') {
      const message = "The source's bucket does not let Spillway read it: allow it there.";
      throw new JobError('source_not_allowed', message, { cause });
    }
    const message = 'The bucket of the source does not answer.';
    throw new JobError('source_unreachable', message, { cause });
  }
}
