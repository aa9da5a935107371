import type { Readable } from 'node:stream';
import { JobError, type SourceRef } from '@spillway/contracts';
import { type ObjectStore, StorageError } from '@spillway/storage';
import { asSourceError, bucketOf, changed, gone } from './bucket-source.ts';
import type { PinnedObject } from './ports.ts';
import type { EncodeParts } from './work.ts';

/**
 * Does the work with the address that ffmpeg reads the source at: a file of the object store or, where that
 * is allowed, of this machine, or one of loopback. The source is the one that was accepted, whenever it is read.
 */
export async function withSource<T>(
  parts: EncodeParts,
  source: SourceRef,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const opened = await open(parts, source);
  if (typeof opened === 'string') return await work(opened);
  const lent = await parts.lend(opened);
  try {
    const made = await work(lent.address);
    // Some builds of ffmpeg end as if all were well when their input breaks off.
    if (lent.fault()) throw lent.fault();
    return made;
  } catch (error) {
    throw lent.fault() ?? error;
  } finally {
    lent.close();
  }
}

async function open(parts: EncodeParts, source: SourceRef): Promise<string | PinnedObject> {
  switch (source.from) {
    case 'file':
      return await localFile(parts, source.path);
    case 'object':
      return await storedObject(parts.storage, source);
    case 's3':
      return await bucketObject(parts, source);
  }
}

async function localFile({ checkLocalFile }: EncodeParts, path: string): Promise<string> {
  if (!checkLocalFile) {
    throw new JobError(
      'source_not_allowed',
      'A file of the server is read in standalone mode only: give an https address.',
    );
  }
  await checkLocalFile(path);
  return path;
}

type Pinned<From extends SourceRef['from']> = Extract<SourceRef, { from: From }>;

async function storedObject(
  storage: ObjectStore,
  { key, etag }: Pinned<'object'>,
): Promise<string | PinnedObject> {
  const found = await storage.head(key);
  if (!found) throw gone();
  if (found.etag !== etag) throw changed();
  try {
    const path = await storage.pathOf(key);
    if (path !== null) return path;
  } catch (error) {
    throw goneIfSo(error);
  }
  return {
    bytes: found.bytes,
    async read(start, end) {
      const read = await storage.get(key, { start, end }).catch((error: unknown) => {
        throw goneIfSo(error);
      });
      if (read.etag === etag) return await bytesOf(read.body);
      read.body.destroy();
      throw changed();
    },
  };
}

/** Without the Blob that `buffer` of node:stream/consumers makes first. */
const bytesOf = async (body: Readable): Promise<Buffer> => Buffer.concat(await body.toArray());

/** Another attempt has just completed the order, which needs its source no more. */
const goneIfSo = (error: unknown): unknown =>
  error instanceof StorageError && error.code === 'not_found' ? gone(error) : error;

async function bucketObject(
  parts: EncodeParts,
  { url, etag }: Pinned<'s3'>,
): Promise<PinnedObject> {
  const { bucket, key } = bucketOf(parts.buckets, url);
  const found = await asSourceError(bucket.head(key));
  if (!found) throw gone();
  if (found.etag !== etag) throw changed();
  const read = async (start: number, end: number): Promise<Buffer> =>
    await bytesOf((await bucket.get(key, { start, end }, etag)).body);
  return { bytes: found.bytes, read: (start, end) => asSourceError(read(start, end)) };
}
