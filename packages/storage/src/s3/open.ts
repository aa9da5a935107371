import type { Bucket, Storage } from '../port.ts';
import { S3Bucket } from './bucket.ts';
import { createS3Client, createSigner, type S3Connection } from './client.ts';
import { openS3Store } from './store.ts';

// The one way into this folder: it is loaded when S3 is used, because the SDK takes most of a second and 60 MB.

export const openS3 = (
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  connection?: S3Connection,
): Promise<Storage> =>
  openS3Store(
    new S3Bucket(createS3Client(connection, { plainParts: true }), bucket),
    prefix,
    createSigner(connection),
  );

export function connectBuckets(connection?: S3Connection): (name: string) => Bucket {
  const client = createS3Client(connection);
  return (name) => new S3Bucket(client, name);
}
