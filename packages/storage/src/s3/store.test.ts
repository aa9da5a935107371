import { afterAll, beforeAll } from '@jest/globals';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { testObjectStore } from '../conformance/index.ts';
import { S3Bucket } from './bucket.ts';
import { createS3Client } from './client.ts';
import { openS3Store } from './store.ts';

let server: FauxqsServer;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  server.createBucket('media');
});
afterAll(() => server.stop());

const client = () =>
  createS3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

testObjectStore('the S3 store', async () => {
  const s3 = client();
  return {
    store: await openS3Store(new S3Bucket(s3, 'media'), 'spillway/'),
    close: async () => s3.destroy(),
  };
});
