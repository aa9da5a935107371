import type { Bucket, Buckets } from './port.ts';
import type { S3Connection } from './s3/client.ts';

/** Loads and asks for nothing before a bucket is used; without credentials everything is `unavailable`. */
export function openBuckets(connection?: S3Connection): Buckets {
  let connected: Promise<(name: string) => Bucket> | undefined;
  const connect = async () => (await import('./s3/open.ts')).connectBuckets(connection);
  return (name) => {
    const bucket = async (): Promise<Bucket> => {
      connected ??= connect();
      return (await connected)(name);
    };
    return {
      head: async (key) => (await bucket()).head(key),
      get: async (...object) => (await bucket()).get(...object),
      async put(key, body) {
        // It may break before the bucket listens; reading it then throws.
        if (!(body instanceof Uint8Array)) body.on('error', () => undefined);
        return (await bucket()).put(key, body);
      },
    };
  };
}
