export { openBuckets } from './buckets.ts';
export { contentTypeOf } from './content-type.ts';
export { openStorage } from './open.ts';
export * from './port.ts';
export type { S3Connection } from './s3/client.ts';
