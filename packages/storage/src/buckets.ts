import type { Readable } from 'node:stream';
import type { ByteRange, ObjectInfo, StoredObject, WrittenObject } from './port.ts';
import { S3Bucket } from './s3/bucket.ts';
import { createS3Client, type S3Connection } from './s3/client.ts';

/** A customer's bucket, by whole keys. Everything rejects with a `StorageError`. */
export interface Bucket {
  /** Null when there is no such object. */
  head(key: string): Promise<ObjectInfo | null>;
  /** Throws `not_found`; with an etag, `changed` when the object has another. */
  get(key: string, range?: ByteRange, etag?: string): Promise<StoredObject>;
  /** As `ObjectStore.put`. */
  put(key: string, body: Uint8Array | Readable): Promise<WrittenObject>;
}

/** Any bucket that this machine's credentials may use. */
export type Buckets = (name: string) => Bucket;

/** Asks for nothing before a bucket is used; without credentials everything is `unavailable`. */
export function openBuckets(connection?: S3Connection): Buckets {
  const client = createS3Client(connection);
  return (name) => new S3Bucket(client, name);
}
