export { type Bucket, type Buckets, openBuckets } from './buckets.ts';
export { openStorage } from './open.ts';
export * from './port.ts';
export type { S3Connection } from './s3/client.ts';
