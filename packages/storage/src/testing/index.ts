import { startFauxqs } from 'fauxqs';
import { openBuckets } from '../buckets.ts';
import { openStorage } from '../open.ts';
import type { Buckets, Storage } from '../port.ts';
import type { S3Connection } from '../s3/client.ts';

/** An S3 of this process. */
export interface TestS3 {
  /** Anybody may read `<url>/<bucket>/<key>`: it checks no signatures. */
  readonly url: string;
  readonly connection: S3Connection;
  readonly buckets: Buckets;
  openStorage(bucket: string): Promise<Storage>;
  close(): Promise<void>;
}

/** Starts one with empty buckets. */
export async function startTestS3(...buckets: readonly string[]): Promise<TestS3> {
  const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  for (const bucket of buckets) server.createBucket(bucket);
  const url = `http://127.0.0.1:${server.port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const connection = { endpoint: url, publicEndpoint: url, region: 'us-east-1', credentials };
  return {
    url,
    connection,
    buckets: openBuckets(connection),
    openStorage: (bucket) => openStorage(`s3://${bucket}/spillway`, connection),
    close: () => server.stop(),
  };
}
