import { type IngestJob, JobError } from '@spillway/contracts';
import type { Buckets, ObjectStore } from '@spillway/storage';
import type { Attempt } from './attempt.ts';
import { asSourceError, bucketOf, gone } from './bucket-source.ts';
import type { Download, Observer } from './ports.ts';
import type { Work } from './work.ts';

export interface IngestParts {
  readonly storage: ObjectStore;
  readonly download: Download;
  readonly observer: Observer;
  /** Of customers. */
  readonly buckets: Buckets;
  /** Of this worker; an order may be allowed less. */
  readonly sourceMaxBytes: number;
}

/**
 * Copies the source behind a customer's address into the object store, as it comes; one in a bucket stays
 * there, and is held to its etag.
 */
export async function ingest(parts: IngestParts, job: IngestJob, attempt: Attempt): Promise<Work> {
  const { url } = job;
  if (url === null) throw new JobError('internal', 'An ingest job without an address.');
  if (url.startsWith('s3:')) return await pin(parts, { ...job, url });
  const { storage, download, observer } = parts;
  const key = `${attempt.prefix}source`;
  const body = download(url, {
    signal: attempt.signal,
    maxBytes: job.limits?.bytes,
    onBytes(received, total) {
      if (total !== null && total > 0) attempt.advance(Math.min(1, received / total));
    },
  });
  const { etag, bytes } = await storage.put(key, body);
  observer.moved('fetched', bytes);
  if (bytes === 0) throw new JobError('source_empty', 'The source has no bytes.');
  return {
    outcome: { kind: 'ingest', source: { from: 'object', key, etag }, bytes },
    cpuSeconds: 0,
    ffmpegBuild: null,
  };
}

async function pin(
  { buckets, sourceMaxBytes }: IngestParts,
  { url, limits }: IngestJob & { readonly url: string },
): Promise<Work> {
  const { bucket, key } = bucketOf(buckets, url);
  const found = await asSourceError(bucket.head(key));
  if (!found) throw gone();
  const { bytes, etag } = found;
  const most = Math.min(sourceMaxBytes, limits?.bytes ?? sourceMaxBytes);
  if (bytes > most) {
    throw new JobError('source_too_large', `The source has more than the ${most} bytes allowed.`);
  }
  if (bytes === 0) throw new JobError('source_empty', 'The source has no bytes.');
  return {
    outcome: { kind: 'ingest', source: { from: 's3', url, etag }, bytes },
    cpuSeconds: 0,
    ffmpegBuild: null,
  };
}
