import { type IngestJob, JobError } from '@spillway/contracts';
import type { ObjectStore } from '@spillway/storage';
import type { Attempt } from './attempt.ts';
import type { Download, Observer } from './ports.ts';
import type { Work } from './work.ts';

export interface IngestParts {
  readonly storage: ObjectStore;
  readonly download: Download;
  readonly observer: Observer;
}

/** Copies the source behind a customer's address into the object store, as it comes. */
export async function ingest(
  { storage, download, observer }: IngestParts,
  job: IngestJob,
  attempt: Attempt,
): Promise<Work> {
  if (job.url === null) throw new JobError('internal', 'An ingest job without an address.');
  const key = `${attempt.prefix}source`;
  const body = download(job.url, {
    signal: attempt.signal,
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
